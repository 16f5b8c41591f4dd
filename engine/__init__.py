"""The engine: bots, knowledge, answers, trials, releases and accounts, behind a REST API.

Never here: Streamlit, Gradio, Plotly, or anything about one shopper channel.
"""
