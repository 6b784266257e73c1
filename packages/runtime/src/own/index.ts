// What the server needs of models of your own, as one part that is loaded only where there are any.
export { loadCustomModel } from './load-custom-model';
export { serveCustomModel } from './serve-custom-model';
