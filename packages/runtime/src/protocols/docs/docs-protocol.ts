import { modelNames } from '../find-model';
import type { Operation, Protocol } from '../protocol';
import { jsonReply } from '../reply';
import type * as openApiModule from './openapi';
import type * as pageModule from './page';

/* eslint-disable @typescript-eslint/no-require-imports -- texts that most servers are never asked for. */
const openApi: Operation = {
  method: 'GET',
  answer: (_call, state) => jsonReply(200, JSON.stringify((require('./openapi') as typeof openApiModule).openApiDocument(modelNames(state)))),
};

const page: Operation = {
  method: 'GET',
  answer(_call, state) {
    if (!state.docs) return jsonReply(404, '{"detail":"Not Found"}');
    const { PAGE, PAGE_POLICY } = require('./page') as typeof pageModule;
    return { status: 200, contentType: 'text/html; charset=utf-8', body: PAGE, headers: { 'content-security-policy': PAGE_POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' } };
  },
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The description of the REST protocols, and a page to try them (`--enable_docs_url`). */
export const docsProtocol: Protocol = {
  name: 'docs',
  match(_method, path) {
    if (path === '/openapi.json') return { operation: openApi, model: '' };
    if (path === '/docs') return { operation: page, model: '' };
    return undefined;
  },
};
