export * from './model/ontology';
export * from './model/document';
export * from './model/answers';
export * from './model/ontology-index';
export * from './model/uuid';
