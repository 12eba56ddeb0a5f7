import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api';

/** The organization's identity provider and its domains. */
export const ssoQuery = queryOptions({ queryKey: ['sso'], queryFn: ({ signal }) => api.singleSignOn.read(signal) });
