import boto
key = 'AKIAQYLPMN5HFAKEFAKE'
