"""Decodes a file in headless Chromium with WebCodecs, which uses the same decoder as web pages.

A page on localhost decodes all frames and posts the result back. WebCodecs needs a secure context, which localhost is.
"""

import http.server
import json
import subprocess
import tempfile
import threading

PAGE = """<!doctype html><script>
async function digest(frame) {
  const pixels = new Uint8Array(frame.codedWidth * frame.codedHeight * 4);
  await frame.copyTo(pixels, { format: 'RGBA', rect: { x: 0, y: 0, width: frame.codedWidth, height: frame.codedHeight } });
  for (let i = 0; i < pixels.length; i += 4)
    if (pixels[i + 3] < 255) pixels[i] = pixels[i + 1] = pixels[i + 2] = 0;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', pixels));
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
}
async function run() {
  const data = await (await fetch('/file')).arrayBuffer();
  const decoder = new ImageDecoder({ data, type: 'TYPE', preferAnimation: true, premultiplyAlpha: 'none' });
  await decoder.completed;
  await decoder.tracks.ready;
  const track = decoder.tracks.selectedTrack;
  const result = { repetitions: isFinite(track.repetitionCount) ? track.repetitionCount : null, frames: [], delays: [] };
  for (let frameIndex = 0; frameIndex < track.frameCount; frameIndex++) {
    const { image } = await decoder.decode({ frameIndex });
    result.frames.push(await digest(image));
    result.delays.push(Math.round((image.duration ?? 0) / 1000));
    image.close();
  }
  return result;
}
run().catch(error => ({ error: String(error) }))
  .then(result => fetch('/result', { method: 'POST', body: JSON.stringify(result) }));
</script>"""

FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()

TIMEOUT = 300  # seconds


def decode(path, mime):
    """A dict of `frames` (digests that ignore the colors of pixels that are not opaque), `delays` (milliseconds) and
    `repetitions` (None: forever)."""
    result, done = {}, threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self, kind, body):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            if self.path == "/file":
                self.answer(mime, path.read_bytes())
            else:
                self.answer("text/html", PAGE.replace("TYPE", mime).encode())

        def do_POST(self):
            result.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.answer("text/plain", b"")
            done.set()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        address = f"http://localhost:{server.server_address[1]}/"
        command = ["chromium", *FLAGS, f"--user-data-dir={profile}", address]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if not done.wait(TIMEOUT):
                raise RuntimeError(f"Chromium did not answer within {TIMEOUT} s")
        finally:
            browser.terminate()
            browser.wait()
            server.shutdown()
            server.server_close()
    if "error" in result:
        raise RuntimeError(f"Chromium: {result['error']}")
    return result
