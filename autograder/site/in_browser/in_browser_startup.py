__import__("autograder.in_browser").in_browser.start()
