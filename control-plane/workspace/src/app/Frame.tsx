import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams, useRouterState } from '@tanstack/react-router';
import { Boxes, ChevronsUpDown, CircleHelp, House, KeyRound, LogOut, Monitor, Moon, PanelLeftClose, PanelLeftOpen, Search, Server, ShieldCheck, Sun, Users, type LucideIcon } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { ChangeOrganization } from '../features/session/OrganizationChoice';
import { managesOrganization, signOut, useSession } from '../features/session/session';
import { agentsQuery } from '../features/agents/agentsQuery';
import { projectQuery, projectsQuery } from '../features/projects/queries';
import { unsentDrafts } from '../features/annotate/draftStore';
import { Banner, classes, Confirm, isTyping, Keys, useCommands, type Command } from '../ui';
import { t, tn } from '../words';
import { CommandPalette } from './CommandPalette';
import css from './Frame.module.css';
import { KeySheet } from './KeySheet';
import { chooseTheme, useTheme, type Theme } from './theme';

const railPlace = 'hybrid.rail';
const themes: readonly Theme[] = ['system', 'light', 'dark'];
const themeIcons: Record<Theme, LucideIcon> = { system: Monitor, light: Sun, dark: Moon };
const themeNames = { system: 'theme.system', light: 'theme.light', dark: 'theme.dark' } as const;

/** Sign-out, asked first while work of this person waits here unsent. */
export function useSignOut(): { readonly ask: () => void; readonly dialog: ReactNode } {
  const client = useQueryClient();
  const { person } = useSession();
  const [waiting, setWaiting] = useState(0);
  const leave = useCallback(() => void signOut(client), [client]);
  const ask = useCallback(() => {
    void unsentDrafts(person.id).then(drafts => drafts.length > 0 ? setWaiting(drafts.length) : leave());
  }, [leave, person.id]);
  const dialog = waiting > 0 && (
    <Confirm title={t('signOut.title')} act={t('signOut.act')} onConfirm={leave} onClose={() => setWaiting(0)}>{tn('signOut.unsent', waiting)}</Confirm>
  );
  return { ask, dialog };
}

/** Rail, top bar and palette around every page but the ones where people label. */
export function Frame() {
  const session = useSession();
  const navigate = useNavigate();
  const [narrow, setNarrow] = useState(() => (localStorage.getItem(railPlace) ?? (innerWidth < 1100 ? 'narrow' : 'wide')) === 'narrow');
  const { ask: askSignOut, dialog } = useSignOut();
  const [changingOrganization, setChangingOrganization] = useState(false);
  const overlay = useOverlays();
  const { openSheet } = overlay;
  const theme = useTheme();
  const { data: mine } = useQuery(projectsQuery);
  const nextTheme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';

  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: state => state.location.pathname });
  const before = useRef(path);
  useEffect(() => {
    // A new page begins at its top, and screen readers begin with it; a control that stayed keeps the focus.
    if (before.current === path) return;
    before.current = path;
    main.current?.scrollTo(0, 0);
    if (document.activeElement === document.body || document.activeElement === null) main.current?.focus({ preventScroll: true });
  }, [path]);

  const toggleRail = () => {
    localStorage.setItem(railPlace, narrow ? 'wide' : 'narrow');
    setNarrow(!narrow);
  };

  useCommands(useMemo<readonly Command[]>(() => {
    const go = t('palette.go');
    return [
      { id: 'home', group: go, title: t('nav.home'), run: () => void navigate({ to: '/' }) },
      { id: 'profile', group: go, title: t('nav.profile'), run: () => void navigate({ to: '/profile' }) },
      { id: 'projects', group: go, title: t('nav.projects'), run: () => void navigate({ to: '/projects' }) },
      ...(mine?.items ?? []).map(project => ({ id: project.id, group: t('nav.projects'), title: project.name, onlySearched: true, run: () => void navigate({ to: '/projects/$projectId', params: { projectId: project.id } }) })),
      ...(managesOrganization(session) ? [
        { id: 'people', group: go, title: t('nav.people'), run: () => void navigate({ to: '/people' }) },
        { id: 'security', group: go, title: t('nav.security'), run: () => void navigate({ to: '/security' }) },
        { id: 'service-accounts', group: go, title: t('nav.serviceAccounts'), run: () => void navigate({ to: '/service-accounts' }) },
        { id: 'agents', group: go, title: t('nav.agents'), run: () => void navigate({ to: '/agents' }) },
      ] : []),
      ...themes.map(one => ({ id: `theme-${one}`, group: t('palette.act'), title: t('theme.choose', { theme: t(themeNames[one]) }), run: () => chooseTheme(one) })),
      { id: 'help', group: t('palette.act'), title: t('nav.help'), keys: '?', run: openSheet },
      ...(session.organizations.length > 1 ? [{ id: 'organization', group: t('palette.act'), title: t('organizations.change'), run: () => setChangingOrganization(true) }] : []),
      { id: 'sign-out', group: t('palette.act'), title: t('nav.signOut'), run: askSignOut },
    ];
  }, [askSignOut, mine, navigate, openSheet, session]));

  const item = (icon: LucideIcon, label: string, to: RailPlace) => <RailLink icon={icon} label={label} to={to} narrow={narrow} />;
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#main" onClick={event => {
        // Without an address of its own: Back is for pages.
        event.preventDefault();
        main.current?.focus();
      }}>{t('nav.skip')}</a>
      <nav className={classes(css.rail, narrow && css.narrow)} aria-label={t('nav.main')}>
        {session.organizations.length > 1
          ? <button type="button" className={css.organization} title={t('organizations.change')} aria-label={`${session.organization.name}: ${t('organizations.change')}`} onClick={() => setChangingOrganization(true)}><img src="/icon.svg" width={20} height={20} alt="" /><span>{session.organization.name}</span><ChevronsUpDown size={14} aria-hidden /></button>
          : <div className={css.organization} title={session.organization.name}><img src="/icon.svg" width={20} height={20} alt="" /><span>{session.organization.name}</span></div>}
        {item(House, t('nav.home'), '/')}
        {item(Boxes, t('nav.projects'), '/projects')}
        {managesOrganization(session) && item(Users, t('nav.people'), '/people')}
        {managesOrganization(session) && item(KeyRound, t('nav.serviceAccounts'), '/service-accounts')}
        {managesOrganization(session) && item(ShieldCheck, t('nav.security'), '/security')}
        {managesOrganization(session) && item(Server, t('nav.agents'), '/agents')}
        <div className={css.gap} />
        <RailButton icon={themeIcons[theme]} label={t('theme.now', { theme: t(themeNames[theme]) })} onClick={() => chooseTheme(nextTheme)} />
        <RailButton icon={CircleHelp} label={t('nav.help')} onClick={overlay.openSheet} />
        <RailButton icon={LogOut} label={t('nav.signOut')} onClick={askSignOut} />
        <RailButton icon={narrow ? PanelLeftOpen : PanelLeftClose} label={narrow ? t('nav.widen') : t('nav.narrow')} onClick={toggleRail} />
        <Link to="/profile" className={css.person} title={session.email}><strong>{session.person.name}</strong><span>{session.email}</span></Link>
      </nav>
      <header className={css.top}>
        <Crumbs />
        <button type="button" className={css.search} onClick={overlay.openPalette} aria-keyshortcuts="Control+K"><Search size={14} aria-hidden /><span>{t('palette.open')}</span><Keys keys="Ctrl K" /></button>
      </header>
      <main className={css.main} id="main" tabIndex={-1} ref={main}><Offline />{session.mfaRequired && <MfaWanted />}<Outlet /></main>
      {dialog}
      {changingOrganization && <ChangeOrganization onClose={() => setChangingOrganization(false)} />}
      {overlay.open}
    </div>
  );
}

type RailPlace = '/' | '/projects' | '/people' | '/service-accounts' | '/security' | '/agents';

function RailLink({ icon: Icon, label, to, narrow }: { readonly icon: LucideIcon; readonly label: string; readonly to: RailPlace; readonly narrow: boolean }) {
  return (
    <Link to={to} className={css.item} activeOptions={{ exact: to === '/' }} aria-label={narrow ? label : undefined} title={narrow ? label : undefined}>
      <Icon size={16} aria-hidden /><span>{label}</span>
    </Link>
  );
}

function RailButton({ icon: Icon, label, onClick }: { readonly icon: LucideIcon; readonly label: string; readonly onClick: () => void }) {
  return <button type="button" className={css.item} onClick={onClick} aria-label={label} title={label}><Icon size={16} aria-hidden /><span>{label}</span></button>;
}

const sections: Readonly<Record<string, Parameters<typeof t>[0]>> = {
  queue: 'tab.queue', projects: 'nav.projects', people: 'nav.people', 'service-accounts': 'nav.serviceAccounts', security: 'nav.security', profile: 'nav.profile', agents: 'nav.agents', assets: 'tab.assets', members: 'tab.members', ontology: 'tab.ontology', workflow: 'tab.workflow', imports: 'tab.imports',
};

/** Where I am, each part a link. */
function Crumbs() {
  const parts = useRouterState({ select: state => state.location.pathname }).split('/').filter(Boolean);
  const { projectId = '', agentId = '' } = useParams({ strict: false });
  const { data: project } = useQuery({ ...projectQuery(projectId), enabled: projectId !== '' });
  const { data: agent } = useQuery({ ...agentsQuery, enabled: agentId !== '', select: page => page.items.find(one => one.id === agentId) });
  const crumbs = [
    ...(parts.length === 0 ? [{ to: '/', label: t('nav.home') }] : []),
    ...parts.flatMap((part, index) => {
      const section = sections[part];
      const label = part === projectId ? project?.name : part === agentId ? agent?.name : section && t(section);
      return label ? [{ to: `/${parts.slice(0, index + 1).join('/')}`, label }] : [];
    }),
  ];
  return (
    <nav className={css.crumbs} aria-label={t('nav.where')}>
      <ol>{crumbs.map((crumb, index) => (
        <li key={crumb.to}>{index === crumbs.length - 1
          ? <span className={css.here} aria-current="page" title={crumb.label}>{crumb.label}</span>
          : <Link to={crumb.to} activeOptions={{ exact: true }} title={crumb.label}>{crumb.label}</Link>}</li>
      ))}</ol>
    </nav>
  );
}

function MfaWanted() {
  return (
    <div className={css.offline}>
      <Banner tone="warn" title={t('mfa.wanted')} >{t('mfa.wantedBody')} <Link to="/profile">{t('nav.profile')}</Link></Banner>
    </div>
  );
}

function Offline() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const change = () => setOnline(navigator.onLine);
    addEventListener('online', change);
    addEventListener('offline', change);
    return () => {
      removeEventListener('online', change);
      removeEventListener('offline', change);
    };
  }, []);
  return online ? null : <div className={css.offline}><Banner tone="warn" title={t('offline.title')}>{t('offline.body')}</Banner></div>;
}

/** Palette and key sheet, by key or by button, on every page. */
export function useOverlays(): { readonly open: ReactNode; readonly openPalette: () => void; readonly openSheet: () => void } {
  const [shown, setShown] = useState<'palette' | 'sheet' | undefined>();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setShown('palette');
      } else if (event.key === '?' && !isTyping(event.target) && !document.querySelector('dialog[open]')) {
        event.preventDefault();
        setShown('sheet');
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  const close = () => setShown(undefined);
  const openPalette = useCallback(() => setShown('palette'), []);
  const openSheet = useCallback(() => setShown('sheet'), []);
  return {
    openPalette,
    openSheet,
    open: shown === 'palette' ? <CommandPalette onClose={close} /> : shown === 'sheet' ? <KeySheet onClose={close} /> : null,
  };
}

