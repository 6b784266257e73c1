import { ANNOTATION, SERVER_PORT, type DeploymentMode, type PlatformConfig } from '../api';
import type { ComponentMetadata } from './metadata';

/** Where Knative's queue-proxy shows what it measured of the requests. */
const QUEUE_PROXY_PORT = '9091';

/**
 * Annotations by which Prometheus finds a pod's metrics, where the service or the platform switches scraping on.
 *
 * KServe differs: in raw mode they name the server's own port; upstream names queue-proxy's, which is not there.
 */
export function withMetricsAnnotations(metadata: ComponentMetadata, mode: DeploymentMode, config: PlatformConfig): ComponentMetadata {
  const { annotations } = metadata;
  if ((annotations[ANNOTATION.enablePrometheusScraping] ?? config.metricsAggregator.enablePrometheusScraping) !== 'true') return metadata;
  const raw = mode === 'Standard';
  const port = raw ? (annotations[ANNOTATION.metricsPort] ?? String(SERVER_PORT)) : QUEUE_PROXY_PORT;
  const path = raw ? (annotations[ANNOTATION.metricsPath] ?? '/metrics') : '/metrics';
  return { ...metadata, annotations: { 'prometheus.io/scrape': 'true', ...annotations, 'prometheus.io/port': port, 'prometheus.io/path': path } };
}
