import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api';

/** The signed-in person's own account. */
export const profileQuery = queryOptions({ queryKey: ['profile'], queryFn: ({ signal }) => api.profile.read(signal) });
