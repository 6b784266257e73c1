import { ANNOTATION, OPENTELEMETRY_API, SERVER_PORT, type KubeObject, type PlatformConfig } from '../../../api';
import type { Component } from '../../component';
import { unlessEmpty } from '../../metadata';

/** The collector sidecar that carries a component's own metrics to KEDA; undefined when no metric asks for one. */
export function renderCollector({ name, namespace, metadata, extension }: Component, config: PlatformConfig): KubeObject | undefined {
  const names = (extension.autoScaling?.metrics ?? []).flatMap((m) => m.podmetric?.metric.metricNames ?? []);
  if (names.length === 0) return undefined;
  const { scrapeInterval, metricReceiverEndpoint, resource } = config.opentelemetryCollector;
  const target = `localhost:${metadata.annotations[ANNOTATION.metricsPort] ?? SERVER_PORT}`;
  return {
    apiVersion: OPENTELEMETRY_API,
    kind: 'OpenTelemetryCollector',
    metadata: { name, namespace, labels: metadata.labels, ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      mode: 'sidecar',
      resources: { limits: { cpu: resource.cpuLimit, memory: resource.memoryLimit }, requests: { cpu: resource.cpuRequest, memory: resource.memoryRequest } },
      config: {
        receivers: { prometheus: { config: { scrape_configs: [{ job_name: 'otel-collector', scrape_interval: scrapeInterval, static_configs: [{ targets: [target] }] }] } } },
        processors: {
          'resourcedetection/env': { detectors: ['env'], timeout: '2s', override: false },
          transform: {
            metric_statements: [
              {
                context: 'datapoint',
                statements: [`set(attributes["namespace"], "${namespace}")`, `set(attributes["deployment"], "${name}")`, 'set(attributes["pod"], resource.attributes["k8s.pod.name"])'],
              },
            ],
          },
          'filter/metrics': { metrics: { include: { match_type: 'strict', metric_names: names } } },
        },
        exporters: { otlp: { endpoint: metricReceiverEndpoint, compression: 'none', tls: { insecure: true } } },
        service: {
          pipelines: { metrics: { receivers: ['prometheus'], processors: ['resourcedetection/env', 'transform', 'filter/metrics'], exporters: ['otlp'] } },
        },
      },
    },
  };
}
