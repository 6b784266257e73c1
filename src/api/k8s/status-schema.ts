import { anyObj, int, listOf, str } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';

const condition = anyObj({
  properties: {
    type: str({ description: 'What the condition is about; Ready sums up the others.' }),
    status: str({ description: 'True, False or Unknown.' }),
    reason: str({ description: 'Why, in one word for programs.' }),
    message: str({ description: 'Why, in a sentence for people.' }),
    // Go's zero time is written as null.
    lastTransitionTime: str({ nullable: true, description: 'When status changed last.' }),
    severity: str({ description: 'Info for conditions that Ready does not depend on.' }),
  },
});

/**
 * The `status` of a kind that has an address. Fields of other controllers survive.
 * @param own What the kind has beside conditions and addresses.
 */
export function statusSchema(own: Readonly<Record<string, StructuralSchema>> = {}): StructuralSchema {
  return anyObj({
    description: 'What the controller found; not written by hand.',
    properties: {
      observedGeneration: int({ description: 'Generation of the object that this status is about.' }),
      conditions: listOf(condition, { description: 'How things stand, one aspect each.' }),
      url: str({ description: 'Address for clients.' }),
      address: anyObj({ description: 'Address within the cluster.', properties: { url: str({ description: 'The URL.' }) } }),
      ...own,
    },
  });
}
