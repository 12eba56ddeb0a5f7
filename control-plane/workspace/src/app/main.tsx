import '../ui/tokens.css';
import '../ui/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem, whenPeopleChange, whenSessionEnds } from '../api';
import { peopleChanged } from '../features/people/peopleChanged';
import { sessionEnded } from '../features/session/session';
import { currentLanguage, languageHere, speak, whenLanguageChanges } from '../words';
import { router } from './routes';
import { applyTheme } from './theme';

applyTheme();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; only silence is asked again.
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && error.offline,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    // Without the network an act fails at once and says so: held back, it would happen later, unseen.
    mutations: { networkMode: 'always' },
  },
});

whenSessionEnds(() => sessionEnded(client));
whenPeopleChange(projectId => peopleChanged(client, projectId));

/** Everything is drawn anew when another language is spoken. */
function Pages() {
  return <RouterProvider key={useSyncExternalStore(whenLanguageChanges, currentLanguage)} router={router} />;
}

const root = document.getElementById('root');
if (root) {
  // A catalogue that does not come (a network that fails just then) is asked for once more, in English.
  void speak(languageHere()).catch(() => speak('en')).then(() => createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}><Pages /></QueryClientProvider>
    </StrictMode>,
  ));
}
