import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api';

/** Every agent with its connections; states move, so it is asked again while it is looked at. */
export const agentsQuery = queryOptions({ queryKey: ['agents'], queryFn: ({ signal }) => api.agents.list(signal), refetchInterval: 10_000 });
