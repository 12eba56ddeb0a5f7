export * from './clamp';
export * from './point';
export * from './rect';
export * from './ring';
export * from './round';
export * from './segment';
export * from './snap';
