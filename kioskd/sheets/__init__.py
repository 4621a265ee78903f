"""Sheets: A4 pages in Chinese and English, described as data and made into PDF by a child process."""
