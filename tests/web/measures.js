// Run in the page by measures.py: what is painted, by computed styles and boxes.
([kind, selector]) => {
  const colour = (text) => {
    const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    const scale = text.startsWith("color(") ? 255 : 1;
    return { r: parts[0] * scale, g: parts[1] * scale, b: parts[2] * scale, a: parts[3] ?? 1 };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a),
    g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a),
    a: 1,
  });
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  // Every colour that may be behind an element: a gradient has several.
  const behind = (element) => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      const style = getComputedStyle(node);
      const stops = style.backgroundImage.match(/(rgba?|color)\([^)]*\)/g);
      const found = stops ? stops.map(colour) : [colour(style.backgroundColor)];
      layers.push(found);
      if (found.every(({ a }) => a === 1)) break;
    }
    let below = [{ r: 255, g: 255, b: 255, a: 1 }];
    for (const layer of layers.reverse()) below = layer.flatMap((top) => below.map((each) => over(top, each)));
    return below;
  };
  const faded = (element) => {
    let part = 1;
    for (let node = element; node; node = node.parentElement) part *= Number(getComputedStyle(node).opacity);
    return part;
  };
  const seen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const name = (element) => (element.innerText || element.getAttribute("aria-label") || element.id || element.tagName).trim();
  const box = (element, what, rect = element.getBoundingClientRect()) => [what, rect.x, rect.y, rect.width, rect.height];
  const root = document.querySelector(selector) ?? document.body;
  if (kind === "controls") {
    return [...root.querySelectorAll("button, a[href], input, select, textarea, summary, [role=button], [tabindex='0']")]
      .filter((each) => seen(each) && !each.closest("[inert]"))
      .map((each) => box(each, name(each)));
  }
  if (kind === "focus") {
    const style = getComputedStyle(document.activeElement);
    const ring = style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0;
    return [name(document.activeElement), ring];
  }
  if (kind === "cut") {
    return [...root.querySelectorAll("*")]
      .filter((each) => seen(each) && each.clientWidth && each.innerText?.trim())
      .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.getBoundingClientRect().right > innerWidth + 1)
      .map((each) => box(each, name(each)));
  }
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, noscript, [aria-hidden=true]") || !seen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    if (!range.getBoundingClientRect().width) continue;
    const style = getComputedStyle(element);
    const grounds = behind(element);
    const part = faded(element);
    const ratios = grounds.map((ground) => {
      const ink = colour(style.color);
      return contrast(over({ ...ink, a: ink.a * part }, ground), ground);
    });
    found.push([node.data.trim(), parseFloat(style.fontSize), Math.min(...ratios)]);
  }
  return found;
}
