import { useQuery } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, Outlet, useNavigate } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { useEffect } from 'react';
import { explain, type AssetStatus, type QueueSearch, type ThreadFilter } from '../api';
import { IdleGuard } from '../features/session/IdleGuard';
import { SignIn } from '../features/session/SignIn';
import { sessionQuery, useSessionEnded } from '../features/session/session';
import { SignInAgain } from '../features/session/SignInAgain';
import { StepUp } from '../features/session/StepUp';
import { useTitle } from '../features/useTitle';
import { startWorker } from '../media';
import { Button, buttonClass, EmptyState, ErrorState, Toasts } from '../ui';
import { t } from '../words';
import { Frame } from './Frame';

const root = createRootRoute({
  component: () => <><Outlet /><Toasts /></>,
  errorComponent: ({ error, reset }) => <main><ErrorState reason={explain(error)} onRetry={reset} action={<Button onClick={() => location.reload()}>{t('act.reload')}</Button>} /></main>,
});

function NotFound() {
  useTitle(t('notFound.title'));
  return <EmptyState page icon={MapPinOff} title={t('notFound.title')} action={<Link to="/" className={buttonClass()}>{t('nav.home')}</Link>}>{t('notFound.body')}</EmptyState>;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; 'sso-error'?: string } => ({
    // Only a path of our own: the address must not lead anywhere else.
    ...(typeof search.to === 'string' && /^\/(?![/\\])/.test(search.to) ? { to: search.to } : {}),
    ...(typeof search['sso-error'] === 'string' && /^sso\.[a-z_]{1,40}$/.test(search['sso-error']) ? { 'sso-error': search['sso-error'] } : {}),
  }),
  component: function SignInRoute() {
    const { to = '/', 'sso-error': refusal } = signIn.useSearch();
    const navigate = useNavigate();
    const { data } = useQuery(sessionQuery);
    const go = () => void navigate({ to, replace: true });
    return data ? <GoOn to={to} /> : <SignIn to={to} refusal={refusal} onSignedIn={go} />;
  },
});

const forgot = createRoute({ getParentRoute: () => root, path: '/forgot', component: lazyRouteComponent(() => import('../features/session/Forgot'), 'Forgot') });
const reset = createRoute({ getParentRoute: () => root, path: '/reset', component: lazyRouteComponent(() => import('../features/session/MailLinkPage'), 'ResetPage') });
const join = createRoute({ getParentRoute: () => root, path: '/join', component: lazyRouteComponent(() => import('../features/session/MailLinkPage'), 'JoinPage') });

/** Only people who are signed in come past here. */
const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: SignedIn });

function SignedIn() {
  const { data, error, isPending, refetch } = useQuery(sessionQuery);
  const ended = useSessionEnded();
  useEffect(() => {
    // Pictures need the worker: it starts while the first page is still loading.
    void startWorker().catch(() => undefined);
  }, []);
  if (isPending) return null;
  // With a session at hand a failed second look is no reason to take the page away.
  if (error && !data) return <main><ErrorState reason={explain(error)} onRetry={() => void refetch()} /></main>;
  return data ? <><Outlet />{ended ? <SignInAgain /> : <><IdleGuard /><StepUp /></>}</> : <AskSignIn />;
}

/** Leads to the sign-in, and from there back to here. */
function AskSignIn() {
  const navigate = useNavigate();
  useEffect(() => {
    const here = location.pathname + location.search;
    void navigate({ to: '/sign-in', search: here === '/' ? {} : { to: here }, replace: true });
  }, [navigate]);
  return null;
}

function GoOn({ to }: { readonly to: string }) {
  const navigate = useNavigate();
  useEffect(() => void navigate({ to, replace: true }), [navigate, to]);
  return null;
}

/** A list's filter stands in the address, so that it can be sent to somebody and Back leads to it. */
const textSearch = (search: Record<string, unknown>): { search?: string } => typeof search.search === 'string' && search.search ? { search: search.search } : {};

const oneOf = <T extends string>(value: unknown, all: readonly T[]): T | undefined => all.find(one => one === value);
const versionOf = (value: unknown): number | undefined => typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;

const frame = createRoute({ getParentRoute: () => signedIn, id: 'frame', component: Frame });
const nowhere = createRoute({ getParentRoute: () => frame, path: '$', component: NotFound });
const home = createRoute({ getParentRoute: () => frame, path: '/', component: lazyRouteComponent(() => import('../features/home/Home'), 'Home') });
const projects = createRoute({ getParentRoute: () => frame, path: '/projects', validateSearch: textSearch, component: lazyRouteComponent(() => import('../features/projects/ProjectList'), 'ProjectList') });
const people = createRoute({ getParentRoute: () => frame, path: '/people', component: lazyRouteComponent(() => import('../features/people/PeopleFrame'), 'PeopleFrame') });
const peopleList = createRoute({ getParentRoute: () => people, path: '/', validateSearch: textSearch, component: lazyRouteComponent(() => import('../features/people/People'), 'People') });
const teams = createRoute({ getParentRoute: () => people, path: '/teams', component: lazyRouteComponent(() => import('../features/people/Teams'), 'Teams') });
const manyPeople = createRoute({ getParentRoute: () => people, path: '/many', component: lazyRouteComponent(() => import('../features/people/ManyPeople'), 'ManyPeople') });
const allProjects = createRoute({ getParentRoute: () => people, path: '/projects', component: lazyRouteComponent(() => import('../features/people/AllProjects'), 'AllProjects') });
const accessReview = createRoute({ getParentRoute: () => people, path: '/access', component: lazyRouteComponent(() => import('../features/people/AccessReview'), 'AccessReview') });
const person = createRoute({ getParentRoute: () => frame, path: '/people/$personId', component: lazyRouteComponent(() => import('../features/people/PersonPage'), 'PersonPage') });
const profile = createRoute({ getParentRoute: () => frame, path: '/profile', component: lazyRouteComponent(() => import('../features/profile/ProfilePage'), 'ProfilePage') });
const security = createRoute({ getParentRoute: () => frame, path: '/security', component: lazyRouteComponent(() => import('../features/organization/SecurityPage'), 'SecurityPage') });
const serviceAccounts = createRoute({ getParentRoute: () => frame, path: '/service-accounts', component: lazyRouteComponent(() => import('../features/automation/ServiceAccounts'), 'ServiceAccounts') });
const agents = createRoute({ getParentRoute: () => frame, path: '/agents', component: lazyRouteComponent(() => import('../features/agents/AgentList'), 'AgentList') });
const agent = createRoute({ getParentRoute: () => frame, path: '/agents/$agentId', component: lazyRouteComponent(() => import('../features/agents/AgentPage'), 'AgentPage') });

const project = createRoute({
  getParentRoute: () => frame,
  path: '/projects/$projectId',
  component: lazyRouteComponent(() => import('../features/projects/ProjectFrame'), 'ProjectFrame'),
});
const overview = createRoute({ getParentRoute: () => project, path: '/', component: lazyRouteComponent(() => import('../features/projects/Overview'), 'Overview') });

const states: readonly string[] = ['toDo', 'inProgress', 'submitted', 'inReview', 'sentBack', 'done', 'skipped'] satisfies AssetStatus[];
const assets = createRoute({
  getParentRoute: () => project,
  path: '/assets',
  validateSearch: (search: Record<string, unknown>): { status?: AssetStatus; search?: string } => ({
    ...(typeof search.status === 'string' && states.includes(search.status) ? { status: search.status as AssetStatus } : {}),
    ...(typeof search.search === 'string' && search.search ? { search: search.search } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/assets/Assets'), 'Assets'),
});
const asset = createRoute({
  getParentRoute: () => project,
  path: '/assets/$assetId',
  validateSearch: (search: Record<string, unknown>): { from?: number; to?: number } => {
    const [from, to] = [versionOf(search.from), versionOf(search.to)];
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  },
  component: lazyRouteComponent(() => import('../features/assets/AssetVersions'), 'AssetVersions'),
});
const members = createRoute({ getParentRoute: () => project, path: '/members', validateSearch: textSearch, component: lazyRouteComponent(() => import('../features/members/Members'), 'Members') });
const queue = createRoute({
  getParentRoute: () => project,
  path: '/queue',
  validateSearch: (search: Record<string, unknown>): QueueSearch => {
    const [kind, hold, owner] = [oneOf(search.kind, ['labeling', 'review']), oneOf(search.hold, ['held', 'free']), oneOf(search.owner, ['somebody', 'anybody'])];
    return { ...(kind && { kind }), ...(hold && { hold }), ...(owner && { owner }), ...(search.overdue === true && { overdue: true }), ...textSearch(search) };
  },
  component: lazyRouteComponent(() => import('../features/queue/Queue'), 'Queue'),
});
const ontology = createRoute({ getParentRoute: () => project, path: '/ontology', component: lazyRouteComponent(() => import('../features/ontology/OntologyPage'), 'OntologyPage') });
const workflow = createRoute({ getParentRoute: () => project, path: '/workflow', component: lazyRouteComponent(() => import('../features/workflow/WorkflowPage'), 'WorkflowPage') });
const quality = createRoute({ getParentRoute: () => project, path: '/quality', component: lazyRouteComponent(() => import('../features/quality/QualityPage'), 'QualityPage') });
const settings = createRoute({ getParentRoute: () => project, path: '/settings', component: lazyRouteComponent(() => import('../features/projects/Settings'), 'Settings') });
const issues = createRoute({
  getParentRoute: () => project,
  path: '/issues',
  validateSearch: (search: Record<string, unknown>): ThreadFilter & { thread?: string } => {
    const [kind, status, whose] = [oneOf(search.kind, ['issue', 'question']), oneOf(search.status, ['open', 'solved', 'cancelled']), oneOf(search.whose, ['assignedToMe', 'openedByMe', 'mine'])];
    return {
      ...(kind && { kind }), ...(status && { status }), ...(whose && { whose }), ...(search.unread === true && { unread: true }), ...textSearch(search),
      ...(typeof search.thread === 'string' && search.thread && { thread: search.thread }),
    };
  },
  component: lazyRouteComponent(() => import('../features/threads/IssuesPage'), 'IssuesPage'),
});
const guidelines = createRoute({
  getParentRoute: () => project,
  path: '/guidelines',
  validateSearch: (search: Record<string, unknown>): { version?: number; against?: number } => {
    const [version, against] = [versionOf(search.version), versionOf(search.against)];
    return { ...(version !== undefined && { version }), ...(against !== undefined && { against }) };
  },
  component: lazyRouteComponent(() => import('../features/guidelines/GuidelinesPage'), 'GuidelinesPage'),
});
const imports = createRoute({ getParentRoute: () => project, path: '/imports', component: lazyRouteComponent(() => import('../features/imports/Imports'), 'Imports') });

const taskSearch = (search: Record<string, unknown>): { task?: string } => typeof search.task === 'string' ? { task: search.task } : {};
const label = createRoute({
  getParentRoute: () => signedIn,
  path: '/projects/$projectId/label',
  validateSearch: taskSearch,
  component: lazyRouteComponent(() => import('./WorkRoutes'), 'LabelRoute'),
});
const review = createRoute({
  getParentRoute: () => signedIn,
  path: '/projects/$projectId/review',
  validateSearch: taskSearch,
  component: lazyRouteComponent(() => import('./WorkRoutes'), 'ReviewRoute'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    forgot,
    reset,
    join,
    signedIn.addChildren([
      frame.addChildren([
        home, projects, people.addChildren([peopleList, teams, manyPeople, allProjects, accessReview]), person, profile, security, serviceAccounts, agents, agent, nowhere,
        project.addChildren([overview, queue, assets, asset, issues, members, ontology, guidelines, workflow, quality, imports, settings]),
      ]),
      label,
      review,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingMs: 150,
});

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
