// An OpenID provider for tests: node provider.mjs PORT. Clients register themselves (POST /reg); nobody has a password: /login/UID?user=ada signs in, /login/UID asks who.
import Provider from 'oidc-provider';

const port = Number(process.argv[2]);
const users = {
  ada: { name: 'Ada Admin', email: 'ada@hospital.test', groups: ['g-admins', 'g-boats'] },
  ann: { name: 'Ann Notator', email: 'ann@hospital.test', groups: ['g-boats'] },
  eve: { name: 'Eve Elsewhere', email: 'eve@elsewhere.test', groups: [] },
};
const provider = new Provider(`http://localhost:${port}`, {
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  conformIdTokenClaims: false,
  features: {
    devInteractions: { enabled: false }, registration: { enabled: true }, pushedAuthorizationRequests: { enabled: true },
    backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true },
  },
  pkce: { required: () => true },
  interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
  findAccount: (_, id) => users[id] && { accountId: id, claims: async () => ({ sub: id, email_verified: true, ...users[id] }) },
  cookies: { keys: ['test'] },
});
provider.use(async (ctx, next) => {
  const found = ctx.path.match(/^\/login\/([\w-]+)$/);
  if (!found) return next();
  if (!ctx.query.user) {
    ctx.type = 'html';
    ctx.body = `<!doctype html><title>Who?</title>${Object.entries(users).map(([id, u]) => `<p><a href="?user=${id}">${u.name}</a>`).join('')}`;
    return;
  }
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId: ctx.query.user, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: ctx.query.user }, consent: { grantId: await grant.save() } });
  ctx.respond = false;
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));
