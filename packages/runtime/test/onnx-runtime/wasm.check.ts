// Run by `npm run test:onnx`, with Node's own test runner: jest's modules have arrays of another realm than native code.
import { checkAnswers } from './check-answers';

checkAnswers('wasm');
