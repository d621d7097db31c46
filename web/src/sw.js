/**
 * Stores the page for use without a network. A classic service worker; the build defines VERSION and FILES.
 *
 * index.html comes from the network while there is one, so that a new version shows at once; all other files
 * have a hash in their names and never change, so they come from the cache.
 */
const PREFIX = `inkproof ${registration.scope} `; // other pages of the same host have caches of their own
const CACHE = PREFIX + VERSION;
const INDEX = new URL("./", registration.scope).href;

/** After this many milliseconds without a response the stored page is shown. */
const PATIENCE_MS = 4000;

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(dropOldVersions()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(INDEX)) return;
  const { pathname } = new URL(request.url);
  const isIndex = [INDEX, `${INDEX}index.html`].some((url) => new URL(url).pathname === pathname);
  if (isIndex) event.respondWith(newest(request));
  else if (hasHash(pathname)) event.respondWith(kept(request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  // The browser has just loaded the hashed files for the page; only the index is requested again.
  await cache.addAll([new Request(INDEX, { cache: "no-cache" }), ...FILES]);
}

async function dropOldVersions() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** @param {Request} request */
async function newest(request) {
  const stored = await caches.match(INDEX);
  try {
    const response = await fetch(request, stored && { signal: abortedAfter(PATIENCE_MS) });
    return response.ok || !stored ? response : stored;
  } catch (error) {
    if (stored) return stored;
    throw error;
  }
}

/** @param {number} ms @returns What old browsers lack as `AbortSignal.timeout`. */
function abortedAfter(ms) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}

/** @param {Request} request From the cache; a model that was not stored yet is added to it. */
async function kept(request) {
  const stored = await caches.match(request);
  if (stored) return stored;
  const response = await fetch(request);
  if (response.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(request, response.clone());
  }
  return response;
}

/** @param {string} pathname */
function hasHash(pathname) {
  return /-[0-9a-f]{10}[./]/.test(pathname);
}
