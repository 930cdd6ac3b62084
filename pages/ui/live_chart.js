// One call for each new message and each change of theme, always on the same element; see live_chart.py.
const PATIENCE = 15000; // milliseconds until we say that the library is missing; the chart is still drawn if it comes later
const SORRY = "The live chart could not load its drawing library. Reload the page to try again; what is being computed goes on.";

function loadPlotly(url) {
  // Kept on the window, not in this module: the library is loaded once a tab, whatever loads this module.
  window.genomicsPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("no Plotly in " + url)));
    script.onerror = () => reject(new Error("cannot load " + url));
    document.head.append(script);
  });
  return window.genomicsPlotly;
}

function themed(layout, chart) {
  const style = getComputedStyle(chart);
  const css = (name) => style.getPropertyValue("--st-" + name).trim();
  const clear = "rgba(0,0,0,0)";
  const line = css("border-color");
  const axis = { gridcolor: css("border-color-light"), linecolor: line, zerolinecolor: line, tickcolor: line, automargin: true };
  const template = { layout: {
    xaxis: axis, yaxis: axis, colorway: css("chart-categorical-colors").split(/,(?![^(]*\))/),
    hoverlabel: { bgcolor: css("secondary-background-color"), bordercolor: line, font: { color: css("text-color"), family: css("font") } },
    legend: { bgcolor: clear }, modebar: { bgcolor: clear, color: css("text-color"), activecolor: css("primary-color") },
    margin: { l: 56, r: 16, t: 24, b: 48 },
  } };
  const font = { family: css("font"), ...layout.font, color: css("text-color") };
  return { ...layout, template, font, paper_bgcolor: clear, plot_bgcolor: clear, uirevision: layout.uirevision ?? "live", autosize: true, width: undefined, height: undefined };
}

function draw(Plotly, chart, message) {
  if (!chart.isConnected || chart.newest !== message) return; // taken off the page, or overtaken while the library was on its way
  if (!chart.observer) {
    chart.textContent = "";
    chart.observer = new ResizeObserver(() => chart.offsetWidth > 0 && chart._fullLayout && Plotly.Plots.resize(chart));
    chart.observer.observe(chart);
  }
  const config = { displaylogo: false, modeBarButtons: [["toImage"]], toImageButtonOptions: { filename: message.name, scale: 2 } };
  Plotly.react(chart, message.figure.data, themed(message.figure.layout, chart), config);
}

export default function ({ data, parentElement }) {
  const chart = parentElement.querySelector(".live-chart");
  const message = JSON.parse(new TextDecoder().decode(data));
  chart.newest = message;
  chart.style.height = message.height + "px";
  chart.setAttribute("aria-label", message.alt);
  const sorry = () => { if (!chart.observer) chart.textContent = SORRY; };
  chart.timer ??= setTimeout(sorry, PATIENCE);
  loadPlotly(message.library).then((Plotly) => draw(Plotly, chart, message), sorry);
  // Streamlit calls this when the component goes, but also when a call was overtaken by the next one before it had returned.
  return () => setTimeout(() => {
    if (chart.isConnected) return;
    chart.observer?.disconnect();
    if (chart._fullLayout) window.Plotly.purge(chart);
  });
}
