import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HttpKubeApi, loadConnection } from 'cdk8s-kserve-controller';
import { REPOSITORY } from '../support/program';
import { AuditLog } from './audit-log';

interface Paths {
  readonly kubeconfig: string;
  readonly controllerKubeconfig: string;
  readonly folder: string;
  readonly auditLog: string;
}

/** A control plane of real programs whose audit log says what the controller on it asks. */
export class AuditedCluster {
  /** The benchmark's own; not in the audit log. */
  readonly api: HttpKubeApi;
  readonly audit: AuditLog;
  /** With it a controller is in the audit log. */
  readonly controllerKubeconfig: string;
  /** Gone when the cluster is. */
  readonly folder: string;
  private readonly server: ChildProcess;

  private constructor(api: HttpKubeApi, paths: Paths, server: ChildProcess) {
    this.api = api;
    this.audit = new AuditLog(paths.auditLog);
    this.controllerKubeconfig = paths.controllerKubeconfig;
    this.folder = paths.folder;
    this.server = server;
  }

  static async start(): Promise<AuditedCluster> {
    const server = spawn(process.execPath, [join(REPOSITORY, 'scripts/cluster/up.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const paths = await new Promise<Paths>((resolve, reject) => {
      createInterface({ input: server.stdout }).once('line', (line) => resolve(JSON.parse(line) as Paths));
      server.once('close', () => reject(new Error('no control plane: it needs Go, or KUBEBUILDER_ASSETS')));
    });
    return new AuditedCluster(new HttpKubeApi(await loadConnection({ kubeconfig: paths.kubeconfig })), paths, server);
  }

  async stop(): Promise<void> {
    this.api.close();
    this.server.stdin?.end();
    await new Promise((resolve) => (this.server.exitCode === null ? this.server.once('close', resolve) : resolve(undefined)));
  }
}
