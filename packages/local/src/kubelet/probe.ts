import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Container, Probe } from 'cdk8s-kserve/api';
import { containerPortOf } from './pod';
import type { PortMap } from './ports';

export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

const OK: ProbeResult = { ok: true };

/** Where a pod's containers listen: at which address, and at what ports instead of their own. */
export interface Listening {
  readonly host: string;
  readonly ports: PortMap;
}

/** Runs a probe once against a container of this machine; never rejects. */
export function runProbe(probe: Probe, container: Container, { host, ports }: Listening): Promise<ProbeResult> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.httpGet) return httpProbe(probe.httpGet, host, hostPort(container, probe.httpGet.port, ports), timeoutMs);
  if (probe.tcpSocket) return tcpProbe(host, hostPort(container, probe.tcpSocket.port, ports), timeoutMs);
  // The server answers gRPC health checks once it accepts connections; there is no gRPC client here to ask it.
  if (probe.grpc) return tcpProbe(host, hostPort(container, probe.grpc.port, ports), timeoutMs);
  // An exec probe names a program of the container's image, and there is no image here.
  return Promise.resolve(OK);
}

function hostPort(container: Container, port: number | string, ports: PortMap): number | undefined {
  const containerPort = containerPortOf([container], port);
  return containerPort === undefined ? undefined : (ports.get(containerPort) ?? containerPort);
}

function httpProbe(get: NonNullable<Probe['httpGet']>, host: string, port: number | undefined, timeout: number): Promise<ProbeResult> {
  if (port === undefined) return Promise.resolve(fail(`port ${JSON.stringify(get.port)} is not declared by the container`));
  const secure = get.scheme === 'HTTPS';
  const headers = Object.fromEntries((get.httpHeaders ?? []).map((h) => [String(h['name']), String(h['value'])]));
  const options = { host, port, path: get.path ?? '/', headers: { 'user-agent': 'kube-probe/local', connection: 'close', ...headers }, timeout, agent: false } as const;
  return new Promise((resolve) => {
    // Kubernetes does not verify certificates in probes either.
    const request = secure ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
    request.once('response', (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode >= 200 && statusCode < 400 ? OK : fail(`HTTP probe failed with statuscode: ${statusCode}`));
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${timeout} ms`)));
    request.once('error', (error) => resolve(fail(`Get ${secure ? 'https' : 'http'}://${host}:${port}${get.path ?? '/'}: ${error.message}`)));
    request.end();
  });
}

function tcpProbe(host: string, port: number | undefined, timeout: number): Promise<ProbeResult> {
  if (port === undefined) return Promise.resolve(fail('the port is not declared by the container'));
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const end = (result: ProbeResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(OK));
    socket.once('timeout', () => end(fail(`dial tcp ${host}:${port}: no answer within ${timeout} ms`)));
    socket.once('error', (error) => end(fail(`dial tcp ${host}:${port}: ${error.message}`)));
  });
}

function fail(message: string): ProbeResult {
  return { ok: false, message };
}
