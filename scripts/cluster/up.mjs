// `node scripts/cluster/up.mjs`: a control plane that lives until standard input ends or a signal comes; prints where it is as one line of JSON.
// `ISVC_CLUSTER_CONTROLLERS` names the controllers of the controller manager. What the user `controller` asks is in the audit log.
import { clusterPrograms } from './build.mjs';
import { startCluster } from './start.mjs';

const USER = 'controller';
/** Leases and what discovery asks are not the work of a controller. */
const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - level: None
    resources: [{ group: coordination.k8s.io }]
  - level: None
    nonResourceURLs: ['*']
  - level: Metadata
    users: [${USER}]
`;

const controllers = process.env.ISVC_CLUSTER_CONTROLLERS;
const cluster = await startCluster(clusterPrograms(), { auditPolicy: AUDIT_POLICY, users: [USER], ...(controllers ? { controllers } : {}) });
process.stdout.write(`${JSON.stringify({ kubeconfig: cluster.kubeconfig, controllerKubeconfig: cluster.kubeconfigOf[USER], folder: cluster.folder, auditLog: cluster.auditLog })}\n`);
await new Promise((resolve) => {
  process.once('SIGINT', resolve).once('SIGTERM', resolve);
  process.stdin.once('end', resolve).resume();
});
await cluster.stop();
