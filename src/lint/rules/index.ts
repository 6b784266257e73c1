import type { Rule } from '../rule';
import { ADDRESS_RULES } from './addresses';
import { API_RULES } from './api-problems';
import { GPU_AMOUNT_RULES } from './gpu/amounts';
import { GPU_FIT_RULES } from './gpu/fit';
import { GPU_ISOLATION_RULES } from './gpu/isolation';
import { GPU_LIFECYCLE_RULES } from './gpu/lifecycle';
import { GPU_MIG_RULES } from './gpu/mig';
import { GPU_PLACEMENT_RULES } from './gpu/placement';
import { GPU_SERVER_RULES } from './gpu/servers';
import { GPU_STARTUP_RULES } from './gpu/startup';
import { GPU_TRITON_RULES } from './gpu/triton';
import { GRAPH_RULES } from './graph';
import { IDENTITY_RULES } from './identity';
import { KEDA_RULES } from './keda';
import { MODEL_VERIFICATION_RULES } from './model-verification';
import { MODEL_RULES } from './models';
import { MODE_RULES } from './modes';
import { POD_NAME_RULES } from './pod-names';
import { POD_VALUE_RULES } from './pod-values';
import { PRACTICE_RULES } from './practice';
import { QUANTITY_RULES } from './quantities';
import { REFERENCE_RULES } from './references';
import { RENDER_RULES } from './render-problems';
import { ROLLOUT_RULES } from './rollout';
import { RUNTIME_VERSION_RULES } from './runtime-version';
import { SCALING_RULES } from './scaling';
import { SUPPRESSION_RULES } from './suppression';
import { TRAINED_MODEL_RULES } from './trained-models';

/** Rules by what they look at, in the order of the reference. */
export const RULE_FAMILIES = {
  'One object': API_RULES,
  'A service in its world': [...RENDER_RULES, ...ADDRESS_RULES, ...MODEL_RULES, ...RUNTIME_VERSION_RULES, ...GRAPH_RULES, ...TRAINED_MODEL_RULES, ...MODEL_VERIFICATION_RULES],
  'Objects that are named': REFERENCE_RULES,
  'Names and addresses': IDENTITY_RULES,
  'Inside of pods': [...QUANTITY_RULES, ...POD_NAME_RULES, ...POD_VALUE_RULES],
  'Modes, scaling and rollouts': [...MODE_RULES, ...SCALING_RULES, ...KEDA_RULES, ...ROLLOUT_RULES],
  'Good practice': PRACTICE_RULES,
  'GPUs': [
    ...GPU_AMOUNT_RULES, ...GPU_MIG_RULES, ...GPU_PLACEMENT_RULES, ...GPU_ISOLATION_RULES, ...GPU_SERVER_RULES, ...GPU_TRITON_RULES, ...GPU_FIT_RULES, ...GPU_STARTUP_RULES, ...GPU_LIFECYCLE_RULES,
  ],
  'Lint itself': SUPPRESSION_RULES,
} as const satisfies Readonly<Record<string, readonly Rule[]>>;

/** The rule table: every rule, each once. */
export const RULES: readonly Rule[] = Object.values(RULE_FAMILIES).flat();
