import type { HttpRequest } from './http-client';
import { isOpenParameter } from './redact';

/** Shorter ones would blot out words of messages that have nothing to do with them. */
const SHORTEST = 4;
const LONG = 24;
const SECRET_VARIABLE = /SECRET|TOKEN|PASSWORD|ACCESS_KEY$|HEADERS|STORAGE_CONFIG|OVERRIDE_CONFIG/i;
/** Where a secret is, or what it is called. */
const OPEN_VARIABLE = /_(FILE|ID|NAME|PATH|DIR|URI)$/i;
const PROXY_VARIABLE = /^(https?|all)_proxy$/i;
const SECRET_FIELD = /secret|token|password|private_?key|account_?key|access_?key$|authorization|header|sas|delegation/i;
const FORM_FIELDS = ['client_secret', 'client_assertion', 'assertion', 'refresh_token', 'password'];

/**
 * What must not be shown. Stores repeat in their answers what they were sent, and what they answer becomes part of
 * messages; so every text is looked through before it leaves the fetcher.
 */
export class Secrets {
  private readonly values = new Set<string>();

  /** Knows the secrets of an environment from the start. */
  constructor(env: NodeJS.ProcessEnv) {
    for (const [name, value = ''] of Object.entries(env)) {
      if (PROXY_VARIABLE.test(name)) this.addUrl(value);
      else if (SECRET_VARIABLE.test(name) && !OPEN_VARIABLE.test(name)) this.addDocument(value, /HEADERS/i.test(name));
    }
  }

  add(...values: readonly string[]): void {
    for (const value of values) {
      const text = value.trim();
      if (text.length >= SHORTEST) this.values.add(text);
    }
  }

  /** A user's password and the query values of an address. */
  addUrl(address: string): void {
    if (!URL.canParse(address)) return;
    const url = new URL(address);
    const password = decoded(url.password);
    this.add(url.password, password, ...(password ? [Buffer.from(`${decoded(url.username)}:${password}`).toString('base64')] : []));
    this.addQuery(url);
  }

  /** Whatever a request carries that says who asks. */
  addRequest({ url, headers = {}, body }: HttpRequest): void {
    this.addQuery(url);
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() === 'authorization') this.addAuthorization(value);
      else if (/token|cookie/i.test(name)) this.add(value, value.slice(value.indexOf('=') + 1));
    }
    if (body === undefined) return;
    const form = new URLSearchParams(body);
    for (const name of FORM_FIELDS) this.add(form.get(name) ?? '');
  }

  /** The text with every secret covered. */
  cover(text: string): string {
    // The longest first: one secret may be a part of another.
    return [...this.values].sort((a, b) => b.length - a.length).reduce((covered, value) => covered.replaceAll(value, '***'), text);
  }

  private addQuery({ searchParams }: URL): void {
    for (const [name, value] of searchParams) {
      // A short value of a harmless name is a word of its own.
      if (!isOpenParameter(name) && (SECRET_FIELD.test(name) || name === 'sig' || value.length >= LONG)) this.add(value, encodeURIComponent(value));
    }
  }

  private addAuthorization(value: string): void {
    const [scheme = '', ...rest] = value.split(' ');
    this.add(rest.join(' '));
    if (scheme.toLowerCase() !== 'basic') return;
    const [, ...password] = Buffer.from(rest.join(' '), 'base64').toString('utf8').split(':');
    this.add(password.join(':'));
  }

  /** A plain secret, or a JSON document of which some fields are. */
  private addDocument(text: string, all: boolean): void {
    this.add(text);
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      // HEADERS of HDFS and others are lines.
      if (all) for (const line of text.split(/[\n,]/)) this.add(line.slice(line.indexOf(':') + 1));
      return;
    }
    this.addFields(document, all);
  }

  private addFields(value: unknown, secret: boolean): void {
    if (typeof value === 'string' && secret) this.add(value, value.replace(/^\w+ +/, ''));
    if (typeof value !== 'object' || value === null) return;
    for (const [name, field] of Object.entries(value)) this.addFields(field, secret || SECRET_FIELD.test(name));
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
