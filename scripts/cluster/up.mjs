// `node scripts/cluster/up.mjs`: a control plane that lives until standard input ends or a signal comes; prints where it is as one line of JSON.
// `ISVC_CLUSTER_CONTROLLERS` names the controllers of the controller manager.
import { clusterPrograms } from './build.mjs';
import { startCluster } from './start.mjs';

/** Writes of everybody, one line each; reads are not of interest and leases would drown the rest. */
const AUDIT_WRITES = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    resources: [{ group: coordination.k8s.io }]
  - level: Metadata
    verbs: [create, update, patch, delete]
`;

const controllers = process.env.ISVC_CLUSTER_CONTROLLERS;
const cluster = await startCluster(clusterPrograms(), { auditPolicy: AUDIT_WRITES, ...(controllers ? { controllers } : {}) });
process.stdout.write(`${JSON.stringify({ kubeconfig: cluster.kubeconfig, auditLog: cluster.auditLog })}\n`);
await new Promise((resolve) => {
  process.once('SIGINT', resolve).once('SIGTERM', resolve);
  process.stdin.once('end', resolve).resume();
});
await cluster.stop();
