const spoken = new Set(['title', 'aria-label', 'aria-description', 'aria-roledescription', 'placeholder', 'alt', 'label', 'hint']);
const hasLetters = text => /\p{L}/u.test(text);

/** Every text that a person reads comes from the catalogue (src/words), so that a language is a file and not a search. */
export const noLiteralText = {
  meta: { type: 'problem', schema: [], messages: { literal: 'Text in the catalogue: put “{{text}}” into src/words/en.json and use t().' } },
  create(context) {
    const report = (node, text) => context.report({ node, messageId: 'literal', data: { text: text.trim().slice(0, 40) } });
    return {
      JSXText(node) {
        if (hasLetters(node.value)) report(node, node.value);
      },
      JSXAttribute(node) {
        if (!spoken.has(node.name.name) || !node.value) return;
        const value = node.value.type === 'JSXExpressionContainer' ? node.value.expression : node.value;
        if (value.type === 'Literal' && typeof value.value === 'string' && hasLetters(value.value)) report(node, value.value);
      },
      'JSXElement > JSXExpressionContainer > Literal'(node) {
        if (typeof node.value === 'string' && hasLetters(node.value)) report(node, node.value);
      },
      'JSXElement > JSXExpressionContainer > TemplateLiteral'(node) {
        if (node.quasis.some(part => hasLetters(part.value.raw))) report(node, node.quasis.map(part => part.value.raw).join('…'));
      },
    };
  },
};
