import sklearn
token = None
password = input()
