import { readFileSync } from 'node:fs';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { CommandContext } from '../cli/command';
import { type ParsedFlags, isTrue } from '../cli/flags';
import type { PredictorOptions, PredictorProtocol } from '../own/predictor';

/** Variables that KServe's transformers take their certificate authorities from. */
const CA_VARIABLES = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const;

/**
 * The service behind a transformer, of KServe's flags and variables.
 *
 * @returns `undefined` without `--predictor_host`.
 * @throws IsvcError ISVC_SERVER_OPTION for a bundle that cannot be read.
 */
export function predictorOptions(values: ParsedFlags['values'], env: CommandContext['env']): PredictorOptions | undefined {
  const host = values.get('predictor_host');
  if (host === undefined) return undefined;
  const useSsl = isTrue(values.get('predictor_use_ssl') ?? 'false');
  const bundle = CA_VARIABLES.map((name) => env[name]).find((path) => path);
  return {
    host,
    protocol: (values.get('predictor_protocol') ?? values.get('protocol') ?? 'v1') as PredictorProtocol,
    useSsl,
    requestTimeoutSeconds: Number(values.get('predictor_request_timeout_seconds') ?? 600),
    requestRetries: Number(values.get('predictor_request_retries') ?? 0),
    healthCheck: isTrue(values.get('enable_predictor_health_check') ?? 'false'),
    ...(useSsl && bundle ? { ca: readBundle(bundle) } : {}),
  };
}

function readBundle(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new IsvcError('ISVC_SERVER_OPTION', `the CA bundle cannot be read: ${messageOf(error)}`, { path, hint: `check ${CA_VARIABLES.join(' and ')}`, cause: error });
  }
}
