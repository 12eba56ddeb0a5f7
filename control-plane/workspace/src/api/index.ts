export * as api from './calls';
export type * from './model';
export { explain, fieldError, type Explanation } from './explain';
export { ApiProblem, isProblem, toProblem, type Violation } from './problem';
export { whenPeopleChange, whenSessionEnds } from './client';
