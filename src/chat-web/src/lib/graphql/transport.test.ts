import { describe, expect, it, vi } from 'vitest';
import { SignOutDocument, WhoAmIDocument } from '../generated/operations';
import { RequestError } from './request-error';
import { Transport } from './transport';

function answering(status: number, body: string): { transport: Transport; fetcher: ReturnType<typeof vi.fn> } {
  const fetcher = vi.fn(async () => new Response(body, { status }));
  return { transport: new Transport(fetcher as typeof fetch), fetcher };
}

async function failure(status: number, body: string): Promise<RequestError> {
  const { transport } = answering(status, body);
  const error: unknown = await transport.send(WhoAmIDocument, {}).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RequestError);
  return error as RequestError;
}

describe('the transport', () => {
  it('marks its requests as a browser of this site and sends no token', async () => {
    const { transport, fetcher } = answering(200, '{"data":{"viewer":null}}');
    expect(await transport.send(WhoAmIDocument, {})).toEqual({ viewer: null });
    const [url, init] = fetcher.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe('/graphql');
    expect(init).toMatchObject({ method: 'POST', credentials: 'same-origin' });
    const headers = new Headers(init.headers);
    expect(headers.get('x-chat')).toBe('1');
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.has('authorization')).toBe(false);
    expect(JSON.parse(init.body as string)).toMatchObject({ variables: {}, query: expect.stringContaining('WhoAmI') });
  });

  it('turns GraphQL errors into their code', async () => {
    const limited = { message: 'Slow down.', extensions: { code: 'RATE_LIMITED', retryAfterMs: 1500 } };
    const error = await failure(200, JSON.stringify({ data: null, errors: [limited] }));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', message: 'Slow down.', retryAfterMs: 1500, transient: true });
  });

  it('reads the errors of a refused request too', async () => {
    const error = await failure(400, '{"errors":[{"message":"No.","extensions":{"code":"INVALID_INPUT"}}]}');
    expect(error).toMatchObject({ code: 'INVALID_INPUT', transient: false });
  });

  it.each([502, 503, 504])('takes the page of a proxy (%i) for an absent server', async (status) => {
    expect(await failure(status, '<h1>Bad gateway</h1>')).toMatchObject({ code: 'NETWORK', transient: true });
  });

  it('does not repeat what the server did not understand', async () => {
    expect(await failure(404, 'nothing here')).toMatchObject({ code: 'INTERNAL', transient: false });
  });

  it('calls a request without any answer a matter of the network', async () => {
    const transport = new Transport(() => Promise.reject(new TypeError('failed')));
    await expect(transport.send(WhoAmIDocument, {})).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('tells when nobody is signed in any more', async () => {
    const { transport } = answering(200, '{"errors":[{"message":"?","extensions":{"code":"UNAUTHENTICATED"}}]}');
    const lost = vi.fn();
    transport.onSessionLost(lost);
    await expect(transport.send(SignOutDocument, {})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(lost).toHaveBeenCalledTimes(1);
  });
});
