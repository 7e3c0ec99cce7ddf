/** Input schemas shared by forms, procedures and REST, one file per room. */
export * from './analytics';
export * from './call-history';
export * from './budgets';
export * from './bills';
export * from './calls';
export * from './deliveries';
export * from './leads';
export * from './live';
export * from './minutes';
export * from './organizations';
export * from './outcomes';
export * from './people';
export * from './schedules';
export * from './providers';
export * from './softphone';
export * from './wallet';
export { ESTIMATE_MINUTES_MAX } from './parts';
export * from './recordings';
