export * from './apiserver/api-server';
export { type PodLogRequest, type PodLogSource } from './apiserver/http/pod-log';
export * from './kubelet/images';
export * from './kubelet/kubelet';
export { type ContainerLogLine } from './kubelet/kubelet-context';
export { LogRing, type LogLine } from './kubelet/log-ring';
export * from './cluster/start-local-cluster';
export { PodFiles, PodNotStartable } from './kubelet/pod-files';
export { containerEnvironment } from './kubelet/environment';
