/** The web server among strangers: what a hostile page, a broken client or a patient attacker gets. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newLog } from "../../src/log.ts";
import type { Connection } from "../../src/platform.ts";
import { serveHealth } from "../../src/web/health.ts";
import { createWeb, type Web, type WebSettings } from "../../src/web/server.ts";

const log = newLog("silent", { write() {} });
const PUBLIC = "workshop.example.org";

describe("the web server", () => {
  let web: Web;
  let port: number;
  /** What came through to a handler. */
  const served: string[] = [];
  const connections: Record<string, Connection> = {};

  beforeAll(async () => {
    ({ web, port } = await opened({}));
    serveHealth(web, () => connections);
    for (const [path, access] of [
      ["/", "local"],
      ["/room/do", "local"],
      ["/slack/events", "open"],
    ] as const) {
      web.mount(
        path,
        async (request) => {
          served.push(`${request.method} ${path} ${await request.text()}`);
          return new Response("served\n");
        },
        access,
      );
    }
    web.mount("/broken", () => Promise.reject(new Error("a secret detail")), "local");
  });
  afterAll(() => web.close());

  /** One request as it goes over the wire; `{port}` and `{token}` are filled in. Resolves when the connection ended. */
  const raw = (request: string, on = port): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(on, "127.0.0.1", () => {
        socket.write(request.replaceAll("{port}", String(on)).replaceAll("{token}", web.token));
      });
      socket.on("data", (data) => {
        answer += data.toString("latin1");
      });
      socket.on("close", () => resolve(answer));
      // A server that cuts off a flood resets the connection; what it said before counts.
      socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
    });
  const status = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
  const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`;
  const get = (target: string, ...headers: string[]) =>
    lines(`GET ${target} HTTP/1.1`, "Host: localhost:{port}", "Connection: close", ...headers);
  const write = (headers: readonly string[], body = "{}", target = "/room/do") =>
    lines(
      `POST ${target} HTTP/1.1`,
      "Host: localhost:{port}",
      "Connection: close",
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...headers,
    ) + body;

  const JSON_TYPE = "Content-Type: application/json";
  const TOKEN = "X-Together-Token: {token}";
  const ORIGIN = "Origin: http://localhost:{port}";
  const OURS = [JSON_TYPE, TOKEN, ORIGIN, "Sec-Fetch-Site: same-origin"];
  const without = (header: string, ...instead: string[]) => [...OURS.filter((one) => one !== header), ...instead];

  test("takes what an adapter mounts after the first request, as a slow platform does while health is asked for", async () => {
    expect(status(await raw(get("/livez")))).toBe(200);
    web.mount("/late", async () => new Response("late\n"), "local");
    expect(status(await raw(get("/late")))).toBe(200);
  });

  test("serves our own page's requests", async () => {
    served.length = 0;
    expect(status(await raw(get("/")))).toBe(200);
    expect(
      status(await raw(get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"))),
    ).toBe(200);
    expect(status(await raw(write(OURS, '{"do":"say","values":{"a":["é",{"b":"\\"}:{"}]}}')))).toBe(200);
    expect(status(await raw(lines("GET / HTTP/1.1", "Host: 127.0.0.1:{port}", "Connection: close")))).toBe(200);
    expect(served).toHaveLength(4);
    expect(served[2]).toBe('POST /room/do {"do":"say","values":{"a":["Ã©",{"b":"\\"}:{"}]}}'.replace("Ã©", "é"));
  });

  test("says on every answer that nothing is to be run, kept or framed", async () => {
    for (const answer of [await raw(get("/")), await raw(get("/none")), await raw(get("/broken"))]) {
      expect(answer).toMatch(
        /^content-security-policy: default-src 'self'.*object-src 'none'; base-uri 'none'; frame-ancestors 'none'/im,
      );
      expect(answer).toMatch(/^x-content-type-options: nosniff/im);
      expect(answer).toMatch(/^cache-control: no-store/im);
    }
  });

  test("tells nothing of its insides when it fails", async () => {
    const answer = await raw(get("/broken"));
    expect(status(answer)).toBe(500);
    expect(answer).not.toContain("secret");
  });

  const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
  const hostile: [name: string, request: string, expected: number][] = [
    // Another name for this machine, as after DNS rebinding.
    ["a foreign Host", lines("GET / HTTP/1.1", "Host: evil.example", "Connection: close"), 421],
    ["a foreign Host with our port", lines("GET / HTTP/1.1", "Host: evil.example:{port}", "Connection: close"), 421],
    ["another port", lines("GET / HTTP/1.1", "Host: 127.0.0.1:1", "Connection: close"), 421],
    ["no port", lines("GET / HTTP/1.1", "Host: localhost", "Connection: close"), 421],
    ["no Host", lines("GET / HTTP/1.1", "Connection: close"), 421],
    ["an empty Host", lines("GET / HTTP/1.1", "Host:", "Connection: close"), 421],
    ["two Hosts", lines("GET / HTTP/1.1", "Host: localhost:{port}", "Host: evil.example", "Connection: close"), 421],
    [
      "the same Host twice",
      lines("GET / HTTP/1.1", "Host: localhost:{port}", "Host: localhost:{port}", "Connection: close"),
      421,
    ],
    [
      "a name that begins like ours",
      lines("GET / HTTP/1.1", "Host: localhost.evil.example:{port}", "Connection: close"),
      421,
    ],
    [
      "a user before the Host",
      lines("GET / HTTP/1.1", "Host: localhost:{port}@evil.example", "Connection: close"),
      421,
    ],
    [
      "a forwarded Host",
      lines("GET / HTTP/1.1", "Host: evil.example", "X-Forwarded-Host: localhost:{port}", "Connection: close"),
      421,
    ],
    ["a decimal address", lines("GET / HTTP/1.1", "Host: 2130706433:{port}", "Connection: close"), 421],
    // Writes that some other page had sent.
    [
      "a form of another site",
      write(["Content-Type: application/x-www-form-urlencoded", "Origin: http://evil.example"], "a=b"),
      403,
    ],
    ["a multipart form", write(without(JSON_TYPE, "Content-Type: multipart/form-data; boundary=x"), "--x--"), 403],
    ["JSON that calls itself text", write(without(JSON_TYPE, "Content-Type: text/plain")), 403],
    ["no content type", write(without(JSON_TYPE)), 403],
    ["a look-alike content type", write(without(JSON_TYPE, "Content-Type: text/plain; application/json")), 403],
    ["a foreign Origin", write(without(ORIGIN, "Origin: http://evil.example")), 403],
    ["an Origin of another port", write(without(ORIGIN, "Origin: http://localhost:1")), 403],
    ["an Origin of the other loopback name", write(without(ORIGIN, "Origin: http://127.0.0.1:{port}")), 403],
    ["an Origin by https", write(without(ORIGIN, "Origin: https://localhost:{port}")), 403],
    ["the Origin null", write(without(ORIGIN, "Origin: null")), 403],
    ["a cross-site fetch", write(without("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site")), 403],
    ["a fetch of a neighbouring port", write(without("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: same-site")), 403],
    ["no token", write(without(TOKEN)), 403],
    ["an empty token", write(without(TOKEN, "X-Together-Token: ")), 403],
    ["a token of before the restart", write(without(TOKEN, "X-Together-Token: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), 401],
    ["half a token", write(without(TOKEN, "X-Together-Token: AAAA")), 401],
    ["a token in the query", write(without(TOKEN), "{}", "/room/do?token={token}"), 403],
    ["a token in a cookie", write(without(TOKEN, "Cookie: token={token}")), 403],
    ["a token as a bearer", write(without(TOKEN, "Authorization: Bearer {token}")), 403],
    // Reads for another page.
    [
      "a script tag of another site",
      get("/room/do", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"),
      403,
    ],
    [
      "an image of another site",
      get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"),
      403,
    ],
    [
      "a frame of another site",
      get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"),
      403,
    ],
    [
      "a frame of a neighbouring port",
      get("/", "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"),
      403,
    ],
    [
      "a link into what the page reads",
      get("/room/do", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"),
      403,
    ],
    // Other methods.
    ["HEAD", lines("HEAD / HTTP/1.1", "Host: localhost:{port}", "Connection: close"), 405],
    ["OPTIONS", lines("OPTIONS /room/do HTTP/1.1", "Host: localhost:{port}", "Connection: close"), 405],
    ["OPTIONS *", lines("OPTIONS * HTTP/1.1", "Host: localhost:{port}", "Connection: close"), 405],
    ["TRACE", lines("TRACE / HTTP/1.1", "Host: localhost:{port}", "Connection: close"), 405],
    ["PUT", lines("PUT / HTTP/1.1", "Host: localhost:{port}", "Connection: close", "Content-Length: 0"), 405],
    ["DELETE", lines("DELETE / HTTP/1.1", "Host: localhost:{port}", "Connection: close"), 405],
    ["a method of nobody's", lines("BREW / HTTP/1.1", "Host: localhost:{port}", "Connection: close"), 400],
    // Paths that mean to be others.
    ["a path upwards", get("/../../.env"), 404],
    ["an escaped path upwards", get("/..%2f..%2f.env"), 404],
    ["a doubly escaped one", get("/%252e%252e%252f.env"), 404],
    ["a NUL", get("/page/room.js%00.html"), 404],
    ["back-slashes", get("/..\\..\\.env"), 404],
    ["an escaped letter of a real path", get("/room/%64o"), 404],
    ["two slashes", get("//evil.example/"), 404],
    ["a dot at the end", get("/room/do/."), 404],
    ["a whole URL", get("http://evil.example/"), 404],
    ["our own whole URL", get("http://localhost:{port}/"), 404],
    ["a URL of 10 kB", get(`/${"a".repeat(10_000)}`), 404],
    ["a query of 10 kB", get(`/?${"a".repeat(10_000)}`), 404],
    ["headers of 100 kB", get("/", `X-Long: ${"a".repeat(100_000)}`), 431],
    ["a path of nobody's", get("/admin"), 404],
    ["the prototype", get("/__proto__"), 404],
    // Bodies.
    [
      "100 MB announced",
      lines("POST /room/do HTTP/1.1", "Host: localhost:{port}", "Content-Length: 104857600", ...OURS),
      413,
    ],
    ["1 MB and a byte", write(OURS, `"${"a".repeat(1024 * 1024 - 1)}"`), 413],
    ["a packed body", write([...OURS, "Content-Encoding: gzip"], "\u001f\u008b"), 415],
    ["no JSON", write(OURS, "{do:say}"), 400],
    ["half of JSON", write(OURS, '{"do":"say"'), 400],
    ["an empty body", write(OURS, ""), 400],
    ["JSON nested 10,000 deep", write(OURS, deep), 400],
    ["a key twice", write(OURS, '{"as":"ana","as":"maggie"}'), 400],
    ["a key twice, once in disguise", write(OURS, '{"as":"ana","\\u0061s":"maggie"}'), 400],
    ["__proto__", write(OURS, '{"__proto__":{"mayRunWorkshop":true}}'), 400],
    ["constructor, deeper down", write(OURS, '{"values":{"constructor":{"prototype":{}}}}'), 400],
    ["toJSON", write(OURS, '{"toJSON":"x"}'), 400],
    [
      "two lengths",
      lines("POST /room/do HTTP/1.1", "Host: localhost:{port}", "Content-Length: 2", "Content-Length: 3", ...OURS),
      400,
    ],
    [
      "a length and chunks",
      `${lines("POST /room/do HTTP/1.1", "Host: localhost:{port}", "Content-Length: 2", "Transfer-Encoding: chunked", ...OURS)}0\r\n\r\n`,
      400,
    ],
    // Other protocols.
    [
      "a WebSocket",
      get(
        "/",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
      ),
      400,
    ],
    [
      "HTTP/2 in the clear",
      get("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAAA"),
      400,
    ],
    ["a line of nonsense", "nonsense\r\n\r\n", 400],
    // From outside, only what checks its callers itself.
    ["the page, from outside", lines("GET / HTTP/1.1", `Host: ${PUBLIC}`, "Connection: close"), 404],
    [
      "a write, from outside",
      lines("POST /room/do HTTP/1.1", `Host: ${PUBLIC}`, "Connection: close", "Content-Length: 0", ...OURS),
      404,
    ],
    [
      "reading an open path, from outside",
      lines("GET /slack/events HTTP/1.1", `Host: ${PUBLIC}`, "Connection: close"),
      404,
    ],
    [
      "writing to health",
      lines("POST /livez HTTP/1.1", `Host: ${PUBLIC}`, "Connection: close", "Content-Length: 0"),
      404,
    ],
  ];

  test.each(hostile)("refuses %s", async (_name, request, expected) => {
    served.length = 0;
    expect(status(await raw(request))).toBe(expected);
    expect(served).toEqual([]);
  });

  test("says where it does answer", async () => {
    const answer = await raw(lines("GET / HTTP/1.1", "Host: evil.example", "Connection: close"));
    expect(answer).toContain(`This page answers only at http://localhost:${port}.`);
  });

  test("cuts off a body that never ends, whether in chunks or byte by byte", async () => {
    served.length = 0;
    const chunk = `10000\r\n${"a".repeat(0x10000)}\r\n`;
    const flood = lines("POST /room/do HTTP/1.1", "Host: localhost:{port}", "Transfer-Encoding: chunked", ...OURS);
    expect(status(await raw(flood + chunk.repeat(17)))).toBe(413);
    const short = await opened({ patience: 100 });
    short.web.mount("/slack/events", async (request) => new Response(await request.text()), "open");
    const slow = lines("POST /slack/events HTTP/1.1", "Host: localhost:{port}", "Content-Length: 10");
    expect(status(await raw(`${slow}{`, short.port))).toBe(408);
    expect(status(await raw("GET / HTTP/1.1\r\nHost: lo", short.port))).toBe(408);
    await short.web.close();
    expect(served).toEqual([]);
  });

  test("lets the public address reach what checks its callers itself, and health", async () => {
    served.length = 0;
    const event = ["POST /slack/events HTTP/1.1", `Host: ${PUBLIC}`, "Connection: close", "Content-Length: 3"];
    expect(status(await raw(`${lines(...event, "Content-Type: application/x-www-form-urlencoded")}a=b`))).toBe(200);
    expect(served).toEqual(["POST /slack/events a=b"]);
    expect(status(await raw(lines("GET /livez HTTP/1.1", `Host: ${PUBLIC}`, "Connection: close")))).toBe(200);
    expect(status(await raw(get("/livez")))).toBe(200);
  });

  test("is ready when every platform is connected, and names the one that is not", async () => {
    connections["slack"] = { connected: true };
    expect(status(await raw(get("/readyz")))).toBe(200);
    connections["discord"] = { connected: false, why: "Discord closed the connection (4004)." };
    const answer = await raw(get("/readyz"));
    expect(status(answer)).toBe(503);
    expect(answer).toContain("discord: Discord closed the connection (4004).");
    expect(answer).not.toContain("slack");
  });

  test("asks for the password on everything but health and open paths", async () => {
    const locked = await opened({ password: "pass:wörd" });
    serveHealth(locked.web, () => ({}));
    locked.web.mount("/", async () => new Response("inside\n"), "local");
    const basic = (text: string) => `Authorization: Basic ${Buffer.from(text).toString("base64")}`;
    const answer = await raw(get("/"), locked.port);
    expect(status(answer)).toBe(401);
    expect(answer).toMatch(/^www-authenticate: Basic/im);
    for (const wrong of [
      basic("maggie:pass"),
      basic("pass:wörd"),
      basic(""),
      "Authorization: Basic",
      "Authorization: Bearer x",
    ]) {
      expect(status(await raw(get("/", wrong), locked.port))).toBe(401);
    }
    expect(status(await raw(get("/", basic("maggie:pass:wörd")), locked.port))).toBe(200);
    expect(status(await raw(get("/livez"), locked.port))).toBe(200);
    await locked.web.close();
  });

  test("says that a port is taken in a way that the command line can explain", async () => {
    const second = createWeb({ host: "127.0.0.1", port, log });
    await expect(second.listen()).rejects.toMatchObject({ code: "EADDRINUSE", syscall: "listen", port });
  });
});

async function opened(settings: Partial<WebSettings>): Promise<{ web: Web; port: number }> {
  const web = createWeb({ host: "127.0.0.1", port: 0, publicUrl: `https://${PUBLIC}`, log, ...settings });
  return { web, port: Number(new URL(await web.listen()).port) };
}
