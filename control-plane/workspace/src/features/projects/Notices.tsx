import { useQueryClient } from '@tanstack/react-query';
import { api, explain, type Project } from '../../api';
import { Banner, Button, ErrorBanner, When } from '../../ui';
import { t } from '../../words';
import { useSession } from '../session/session';
import { useAct } from '../useAct';
import { projectQuery } from './queries';

/** What a project's admins must hear of: an organization admin gave themselves a role here. It stays until another admin has taken note. */
export function Notices({ project }: { readonly project: Project }) {
  const client = useQueryClient();
  const { person: me } = useSession();
  const note = useAct({ mutationFn: (id: string) => api.projects.note(project.id, id), onSuccess: () => client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey }) });
  return (
    <>
      {note.error && <ErrorBanner reason={explain(note.error)} />}
      {project.notices.map(notice => (
        <Banner key={notice.id} tone="warn" title={notice.team ? t('notice.joined', { name: notice.person.name, team: notice.team, role: t(`role.${notice.role}`) }) : t('notice.selfAdmin', { name: notice.person.name })}
          action={notice.person.id !== me.id && <Button busy={note.isPending} onClick={() => note.run(notice.id)}>{t('notice.note')}</Button>}>
          <When at={notice.at} /> {notice.person.id === me.id ? t('notice.own') : t('notice.body')}
        </Banner>
      ))}
    </>
  );
}
