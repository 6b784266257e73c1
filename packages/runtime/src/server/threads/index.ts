// What a server with threads needs, as one part that is loaded only there.
export { createOffload } from './offload';
export { runThread } from './run-thread';
export { ThreadPool } from './thread-pool';
