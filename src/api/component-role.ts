/** The parts that a service can have, in the order in which a request meets them last to first. */
export const COMPONENT_ROLES = ['predictor', 'transformer', 'explainer'] as const;
export type ComponentRole = (typeof COMPONENT_ROLES)[number];
