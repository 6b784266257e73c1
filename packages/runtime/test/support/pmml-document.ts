/** Parts of a small PMML document; the rest is a regression of `x` and `kind`. */
export interface PmmlParts {
  readonly dictionary?: string;
  readonly transformations?: string;
  readonly schema?: string;
  readonly local?: string;
  readonly output?: string;
  readonly verification?: string;
  /** A whole model in place of the regression. */
  readonly model?: string;
}

export const REGRESSION_TABLE = '<RegressionTable intercept="1"><NumericPredictor name="x" coefficient="2"/><CategoricalPredictor name="kind" value="b" coefficient="10"/></RegressionTable>';

/** `y = 1 + 2 x + 10 (kind = b)`; kinds are a, b and c. */
export function pmmlDocument(parts: PmmlParts = {}): string {
  const dictionary = parts.dictionary ?? '';
  const model = parts.model ?? `<RegressionModel functionName="regression">
    <MiningSchema>${parts.schema ?? '<MiningField name="x"/><MiningField name="kind"/>'}<MiningField name="y" usageType="target"/></MiningSchema>
    ${parts.output ?? ''}${parts.local ?? ''}${REGRESSION_TABLE}${parts.verification ?? ''}
  </RegressionModel>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
  <Header><Application name="tests" version="2"/></Header>
  <DataDictionary>
    <DataField name="x" optype="continuous" dataType="double"/>
    <DataField name="kind" optype="categorical" dataType="string"><Value value="a"/><Value value="b"/><Value value="c"/></DataField>
    <DataField name="y" optype="continuous" dataType="double"/>${dictionary}
  </DataDictionary>
  ${parts.transformations ?? ''}
  ${model}
</PMML>`;
}
