import '../ui/tokens.css';
import '../ui/base.css';
import { createRoot } from 'react-dom/client';
import { t } from '../words';

const root = document.getElementById('root');
if (root) createRoot(root).render(<h1>{t('app.name')}</h1>);
