import type { JsonObject } from 'cdk8s-kserve/api';

/** Who may do what is not asked here: whoever has the token may do everything. */
const ANSWERS: Readonly<Record<string, JsonObject>> = {
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { kind: 'SelfSubjectAccessReview', status: { allowed: true, reason: 'whoever has the token of this run may do everything' } },
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': {
    kind: 'SelfSubjectRulesReview',
    status: { incomplete: false, resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] },
  },
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': { kind: 'SelfSubjectReview', status: { userInfo: { username: 'cdk8s-kserve', groups: ['system:masters', 'system:authenticated'] } } },
};

/** What `kubectl auth can-i` and `kubectl auth whoami` post and read; undefined for any other path. */
export function selfReview(path: string): JsonObject | undefined {
  const answer = ANSWERS[path];
  const [group, version] = path.split('/').slice(2);
  return answer && { apiVersion: `${group}/${version}`, metadata: {}, spec: {}, ...answer };
}
