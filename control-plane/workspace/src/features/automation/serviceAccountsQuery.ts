import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api';

export const serviceAccountsQuery = queryOptions({ queryKey: ['service-accounts'], queryFn: ({ signal }) => api.automation.list(signal) });
