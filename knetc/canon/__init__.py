"""Rewrites that must run: each file establishes one guarantee that later stages rely on."""
