"""Figures: each file takes plain numbers and returns a `plotly.graph_objects.Figure`, without Streamlit and without models."""
