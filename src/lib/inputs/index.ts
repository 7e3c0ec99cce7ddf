/** Input schemas shared by forms, procedures and REST, one file per room. */
export * from './calls';
export * from './leads';
export * from './live';
export * from './minutes';
export * from './organizations';
export * from './people';
export * from './softphone';
export * from './wallet';
export { ESTIMATE_MINUTES_MAX } from './parts';
export * from './recordings';
