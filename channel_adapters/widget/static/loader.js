/* Puts the chat button on a shop's page. The chat itself is a frame of our own origin: the page cannot read it. */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.storeclerkChat) return;
  const { bot, key, position = "right", theme = "auto", language = "" } = script.dataset;
  const warn = (words) => console.warn(`Storeclerk: ${words}`);
  if (!bot || !key) return warn("the script needs data-bot and data-key.");
  window.storeclerkChat = true;
  const home = new URL(script.src).origin;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const small = matchMedia("(max-width: 480px), (max-height: 420px)");
  const make = (name, attributes) => {
    const element = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    return element;
  };

  const host = make("storeclerk-chat", {});
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const side = position === "left" ? "left" : "right";
  sheet.replaceSync(`
    :host { all: initial !important; }
    [hidden] { display: none !important; }
    button, iframe { position: fixed; z-index: 2147483000; ${side}: max(16px, env(safe-area-inset-${side})); border: 0; }
    button { bottom: max(16px, env(safe-area-inset-bottom)); width: 56px; height: 56px; padding: 0; border-radius: 50%;
      cursor: pointer; color: var(--on); background: var(--primary); box-shadow: 0 4px 16px #0006, 0 0 0 1px var(--edge);
      display: grid; place-items: center; }
    button:focus-visible { outline: 3px solid var(--edge); outline-offset: 3px; }
    svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round;
      stroke-linejoin: round; }
    i { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; border-radius: 11px;
      font: 700 13px/22px system-ui, sans-serif; text-align: center; background: #b3261e; color: #fff; }
    iframe { bottom: calc(max(16px, env(safe-area-inset-bottom)) + 68px); width: min(400px, calc(100vw - 32px));
      height: min(660px, calc(100dvh - 108px)); border-radius: 16px; box-shadow: 0 8px 40px #0005;
      background: transparent; color-scheme: normal; }
    @media (max-width: 480px), (max-height: 420px) {
      iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; }
      button[aria-expanded="true"] { display: none; }
    }
    @media (prefers-reduced-motion: no-preference) { button { transition: transform .15s; } button:hover { transform: scale(1.06); } }
    @media print { :host { display: none !important; } }`);
  root.adoptedStyleSheets = [sheet];

  const draw = (d) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  };
  const bubble = "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8 9h8M8 12.5h5";
  const button = make("button", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", hidden: "" });
  const query = new URLSearchParams({ key, theme, origin: location.origin, language });
  const frame = make("iframe", {
    hidden: "",
    sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
    referrerpolicy: "strict-origin-when-cross-origin",
  });
  frame.title = "Chat";
  root.append(frame, button);

  // What lies before the shopper, so that "this" can mean it. Told when the chat opens and when the address changes.
  let told = "";
  const tellPage = () => {
    const page = { url: location.href.slice(0, 2000), title: document.title.slice(0, 500) };
    if (JSON.stringify(page) === told) return;
    told = JSON.stringify(page);
    tell({ type: "page", page });
  };
  setInterval(() => open && tellPage(), 1000);

  let words = ["Chat", "Close", "{count}"];
  let open = false;
  let unread = 0;
  let palettes;
  const tell = (message) => frame.contentWindow?.postMessage({ storeclerk: 1, ...message }, home);
  const paint = () => {
    if (!palettes) return;
    const colours = theme === "dark" || (theme !== "light" && dark.matches) ? palettes.dark : palettes.light;
    for (const part of ["primary", "on", "edge"]) host.style.setProperty(`--${part}`, colours[part]);
  };
  const show = () => {
    frame.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.setAttribute(
      "aria-label",
      open ? words[1] : words[0] + (unread ? `, ${words[2].replace("{count}", unread)}` : ""),
    );
    button.replaceChildren(draw(open ? "M6 6l12 12M18 6L6 18" : bubble));
    if (unread && !open) {
      const badge = make("i", { "aria-hidden": "true" });
      badge.textContent = String(unread);
      button.append(badge);
    }
  };
  const set = (value, focus) => {
    open = value;
    if (open) unread = 0;
    show();
    tell({ type: open ? "open" : "close", modal: small.matches, focus });
    if (open) tellPage();
    if (!focus) return;
    if (open) frame.focus();
    else button.focus();
  };
  button.addEventListener("click", () => set(!open, true));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open && !event.defaultPrevented && root.activeElement) set(false, true);
  });
  small.addEventListener("change", () => open && tell({ type: "open", modal: small.matches }));
  dark.addEventListener("change", paint);

  let ready = false;
  const colour = /^#[0-9a-f]{6}$/i;
  const sound = (palette) => palette && ["primary", "on", "edge"].every((part) => colour.test(palette[part]));
  addEventListener("message", (event) => {
    if (event.origin !== home || event.source !== frame.contentWindow) return;
    const message = event.data;
    if (!message || message.storeclerk !== 1) return;
    if (message.type === "ready" && !ready) {
      ready = true;
      if (message.state === "not_live") return console.info("Storeclerk: the assistant is not live yet.");
      if (message.words?.length === 3 && message.words.every((text) => typeof text === "string")) words = message.words;
      frame.title = words[0];
      if (message.palettes && sound(message.palettes.light) && sound(message.palettes.dark)) palettes = message.palettes;
      else palettes = { light: { primary: "#1f2937", on: "#ffffff", edge: "#6b7280" } };
      palettes.dark ||= palettes.light;
      paint();
      button.hidden = false;
      if (message.open === true && !small.matches) set(true, false);
      else show();
    } else if (message.type === "close" && open) {
      set(false, true);
    } else if (message.type === "unread" && !open) {
      unread += 1;
      show();
    }
  });

  const begin = () => {
    document.body.append(host);
    frame.src = `${home}/widget/${encodeURIComponent(bot)}?${query}`;
    setTimeout(() => ready || warn(`no answer from ${home}. Is ${location.origin} among the key's addresses?`), 15000);
  };
  const soon = () => (window.requestIdleCallback ? requestIdleCallback(begin, { timeout: 2000 }) : setTimeout(begin, 200));
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon);
})();
