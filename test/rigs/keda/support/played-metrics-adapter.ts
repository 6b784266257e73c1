import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import type { KubeObject } from 'cdk8s-kserve/api';
import { wireFields } from '../../../../packages/local/src/apiserver/protobuf/wire';

const GROUP = 'external.metrics.k8s.io';
const VERSION = 'v1beta1';

/** What KEDA's operator was started with. */
export interface MetricsService {
  readonly port: number;
  /** The folder of its certificates, which clients have to show, too. */
  readonly certificates: string;
}

export interface PlayedAdapter {
  /** With which the API server hands the group of external metrics on to it; over loopback, since a Service may name a host. */
  readonly objects: readonly KubeObject[];
  /** Metrics that were asked for, each once. */
  readonly metrics: ReadonlySet<string>;
  stop(): Promise<void>;
}

/**
 * Plays KEDA's metrics adapter, the one of its programs that the rig does not build: it hands the questions of the real autoscaler on to
 * the real operator, whose answers they get.
 */
export async function playMetricsAdapter(namespace: string, service: MetricsService): Promise<PlayedAdapter> {
  const [ca, cert, key] = await Promise.all(['ca.crt', 'tls.crt', 'tls.key'].map((file) => readFile(join(service.certificates, file))));
  if (!ca || !cert || !key) throw new Error('no certificates');
  const operator = new Client(`127.0.0.1:${service.port}`, credentials.createSsl(ca, key, cert), { 'grpc.ssl_target_name_override': 'localhost' });
  const metrics = new Set<string>();
  const server = createServer({ cert, key }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://adapter');
    const [, of = '', metric = ''] = new RegExp(`^/apis/${GROUP}/${VERSION}/namespaces/([^/]+)/([^/]+)$`).exec(pathname) ?? [];
    const answer = (code: number, body: object): void => void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (metric === '') {
      answer(200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${GROUP}/${VERSION}`, resources: [{ name: 'externalmetrics', singularName: '', namespaced: true, kind: 'ExternalMetricValueList', verbs: ['get'] }] });
      return;
    }
    metrics.add(metric);
    const scaledObject = /scaledobject\.keda\.sh\/name=([^,]+)/.exec(searchParams.get('labelSelector') ?? '')?.[1] ?? '';
    operator.makeUnaryRequest('/api.MetricsService/GetMetrics', (texts: readonly string[]) => encode(texts), decodeValues, [scaledObject, of, metric], (error, values) => {
      if (error) answer(500, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: error.message, code: 500 });
      else answer(200, { kind: 'ExternalMetricValueList', apiVersion: `${GROUP}/${VERSION}`, metadata: {}, items: (values ?? []).map((value) => ({ metricName: metric, metricLabels: {}, timestamp: new Date().toISOString(), value })) });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const name = 'keda-operator-metrics-apiserver';
  return {
    objects: [
      { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] } },
      {
        apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: `${VERSION}.${GROUP}` },
        spec: { group: GROUP, version: VERSION, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service: { namespace, name, port } },
      },
    ],
    metrics,
    stop: async () => {
      operator.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A message of text fields, numbered from 1. */
function encode(texts: readonly string[]): Buffer {
  return Buffer.concat(texts.map((text, i) => Buffer.concat([Buffer.from([((i + 1) << 3) | 2, Buffer.byteLength(text)]), Buffer.from(text)])));
}

/** The quantities of a list of metric values. */
function decodeValues(message: Buffer): readonly string[] {
  const parts = (bytes: Buffer | bigint, number: number): readonly Buffer[] => wireFields(bytes as Buffer).flatMap((field) => (field.number === number ? [field.value as Buffer] : []));
  return parts(message, 2).flatMap((item) => parts(item, 5)).flatMap((quantity) => parts(quantity, 1)).map(String);
}
