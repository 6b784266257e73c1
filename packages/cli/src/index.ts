// What programs may use of the command line tool without starting a process.
export * from './io';
export * from './manifests/check-manifests';
export * from './manifests/load-folder';
export * from './manifests/manifest';
export * from './program';
export * from './run/run-folder';
