import { Link, Outlet } from '@tanstack/react-router';
import { layout, Page, PageHead } from '../../ui';
import { t } from '../../words';

const tabs = [
  { to: '/people', text: 'people.tabPeople' },
  { to: '/people/teams', text: 'people.tabTeams' },
  { to: '/people/many', text: 'people.tabMany' },
  { to: '/people/projects', text: 'people.tabProjects' },
  { to: '/people/access', text: 'people.tabAccess' },
] as const;

/** Head and tabs around the pages about people. */
export function PeopleFrame() {
  return (
    <Page>
      <PageHead title={t('nav.people')} lead={t('people.lead')} />
      <nav className={layout.tabs} aria-label={t('people.parts')}>{tabs.map(tab =>
        <Link key={tab.to} to={tab.to} activeOptions={{ exact: true, includeSearch: false }}>{t(tab.text)}</Link>)}</nav>
      <Outlet />
    </Page>
  );
}
