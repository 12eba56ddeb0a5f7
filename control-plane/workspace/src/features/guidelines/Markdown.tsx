import ReactMarkdown, { defaultUrlTransform, type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { t } from '../../words';
import css from './Markdown.module.css';
import { GuidelinePicture } from './GuidelinePicture';

const picture = /^picture:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const plugins = [remarkGfm];

/** Pictures come from the project's own storage alone: an address of any other kind is dropped, and nothing is fetched for it. */
export const keepAddress = (url: string, key: string): string => key === 'src' ? picture.test(url) ? url : '' : defaultUrlTransform(url);

interface MarkdownProps {
  readonly projectId: string;
  readonly text: string;
}

/** Markdown as elements of the page: HTML in it is left out, so that none of it ever becomes part of the page. */
export function Markdown({ projectId, text }: MarkdownProps) {
  const components: Components = {
    img: ({ src, alt }) => {
      const id = picture.exec(typeof src === 'string' ? src : '')?.[1];
      return id ? <GuidelinePicture projectId={projectId} pictureId={id} alt={alt ?? ''} /> : <em>{t('guide.noRemote', { name: alt ?? '' })}</em>;
    },
    a: ({ href, children }) => href ? <a href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a> : <>{children}</>,
  };
  return <div className={css.markdown}><ReactMarkdown remarkPlugins={plugins} skipHtml urlTransform={keepAddress} components={components}>{text}</ReactMarkdown></div>;
}
