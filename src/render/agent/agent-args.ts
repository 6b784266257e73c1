import { MODEL_DIR, type LoggerSpec, type PlatformConfig } from '../../api';
import type { ComponentMetadata } from '../metadata';
import { isMultiModel } from '../multi-model/multi-model';
import type { AgentRequest } from './agent-request';

/** Where the list of models is mounted. */
export const CONFIG_DIR = '/mnt/configs';

const DEFAULT_LOG_FORMAT = 'json';

/** Arguments of the agent, in the order and with the names of KServe's own. */
export function agentArgs(request: AgentRequest, metadata: ComponentMetadata, config: PlatformConfig, componentPort: number): readonly string[] {
  const { extension, role } = request;
  return [
    ...(role === 'predictor' && isMultiModel(request.service.spec.predictor) ? ['--enable-puller', '--config-dir', CONFIG_DIR, '--model-dir', MODEL_DIR] : []),
    ...(extension.batcher && role !== 'explainer' ? batcherArgs(extension.batcher) : []),
    ...(extension.logger ? loggerArgs(request, extension.logger, metadata, config) : []),
    '--component-port', String(componentPort),
  ];
}

function batcherArgs({ maxBatchSize, maxLatency }: { readonly maxBatchSize?: number; readonly maxLatency?: number }): readonly string[] {
  return ['--enable-batcher', ...option('--max-batchsize', maxBatchSize), ...option('--max-latency', maxLatency)];
}

function loggerArgs({ service, role, mode, name }: AgentRequest, logger: LoggerSpec, metadata: ComponentMetadata, config: PlatformConfig): readonly string[] {
  const { storage, metadataHeaders = [], metadataAnnotations = [] } = logger;
  const { defaultUrl, caBundle, caCertFile, tlsSkipVerify } = config.logger;
  const known = metadataAnnotations.filter((key) => key in metadata.annotations).map((key) => `${key}=${metadata.annotations[key]}`);
  return [
    '--log-url', logger.url ?? defaultUrl,
    // KServe differs: upstream passes the pod's name, which in raw mode is still empty when its webhook runs.
    '--source-uri', mode === 'Standard' ? '$(POD_NAME)' : name,
    '--log-mode', logger.mode ?? 'all',
    '--inference-service', service.metadata.name,
    '--namespace', service.metadata.namespace ?? 'default',
    '--endpoint', '',
    '--component', role,
    ...(storage ? [...option('--log-store-path', storage.path), '--log-store-format', storage.parameters?.['format'] ?? DEFAULT_LOG_FORMAT] : []),
    ...option('--log-marshaller-url', logger.marshallerUrl),
    ...option('--log-batch-size', logger.batchSize),
    ...option('--log-batch-interval', logger.batchInterval),
    ...(metadataHeaders.length > 0 ? ['--metadata-headers', metadataHeaders.join(',')] : []),
    ...(known.length > 0 ? ['--metadata-annotations', known.join(',')] : []),
    ...(caBundle && caCertFile ? ['--logger-ca-cert-file', caCertFile] : []),
    '--logger-tls-skip-verify', String(tlsSkipVerify),
  ];
}

function option(flag: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [flag, String(value)];
}
