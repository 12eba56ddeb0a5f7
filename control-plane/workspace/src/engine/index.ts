export * from './model/ontology';
export * from './model/document';
export type * from './model/geometry';
export * from './model/answers';
export * from './model/ontology-index';
export * from './model/uuid';
export * from './geometry';
export * from './shapes/shapes';
export * from './editor/editor';
