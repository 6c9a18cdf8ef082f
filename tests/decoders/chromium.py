"""Decodes a file in headless Chromium through WebCodecs, with the decoder that pages are shown by.

A page served on localhost (WebCodecs wants a secure context) decodes all frames and posts back what it saw.
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
  const told = { repetitions: isFinite(track.repetitionCount) ? track.repetitionCount : null, frames: [], delays: [] };
  for (let frameIndex = 0; frameIndex < track.frameCount; frameIndex++) {
    const { image } = await decoder.decode({ frameIndex });
    told.frames.push(await digest(image));
    told.delays.push(Math.round((image.duration ?? 0) / 1000));
    image.close();
  }
  return told;
}
run().catch(error => ({ error: String(error) }))
  .then(told => fetch('/told', { method: 'POST', body: JSON.stringify(told) }));
</script>"""

FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()

PATIENCE = 300  # seconds


def decode(path, mime):
    """A dict of `frames` (digests without the colors of pixels less than opaque), `delays` (milliseconds) and `repetitions` (None: for ever)."""
    told, done = {}, threading.Event()

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
            told.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
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
            if not done.wait(PATIENCE):
                raise RuntimeError(f"Chromium does not answer within {PATIENCE} s")
        finally:
            browser.terminate()
            browser.wait()
            server.shutdown()
            server.server_close()
    if "error" in told:
        raise RuntimeError(f"Chromium: {told['error']}")
    return told
