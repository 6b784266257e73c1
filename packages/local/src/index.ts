export * from './kubelet/images';
export * from './kubelet/kubelet';
export { type ContainerLogLine } from './kubelet/kubelet-context';
export { LogRing, type LogLine } from './kubelet/log-ring';
