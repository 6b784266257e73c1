import { flagHelp } from '../cli/flag-help';
import { SERVE_FLAGS } from './serve-flags';

export const SERVE_USAGE = `Usage: isvc-runtime serve --model_dir=FOLDER [--model_name=NAME] [--http_port=PORT]

Loads a model, or several, and serves them over the V1 and V2 (Open Inference Protocol) REST APIs, and V2 over gRPC, on one port.
A drop-in for KServe's sklearn server: same flags, paths and answers; unknown flags are ignored.

Flags (--flag value or --flag=value):
${flagHelp(SERVE_FLAGS)}

Environment:
  PREDICT_PROBA=true      answer with class probabilities where the model has them
  DECISION_FUNCTION=true  answer with the decision function where the model has one
  TRANSFORM=true          answer with the transformed rows where the model transforms
  KSERVE_LOGLEVEL         INFO (default), WARNING or ERROR
  TERMINATION_LOG_PATH    file for the reason of a failed start (default: /dev/termination-log where it exists)

Example:
  isvc-runtime serve --model_name=iris --model_dir=./models/iris --http_port=8080
  curl localhost:8080/v1/models/iris:predict -d '{"instances": [[5.1, 3.5, 1.4, 0.2]]}'

Exit codes: 0 stopped by a signal, 1 the model or the port cannot be used, 2 bad flags.
`;
